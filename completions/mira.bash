# bash completion of mira, made by `mira completion bash`
_mira() {
  local word="${COMP_WORDS[COMP_CWORD]}" options=""
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "context ask budget models open index embed status doctor version search grep symbols callers callees impact affected graph languages patterns quality dependencies concepts related clusters refine cochange experts history why blame causes owners hotspots folders recall import record remember memories forget session documents diagnose build completion reference man agent-help statusline connect disconnect plugin import serve hook mcp config help --help --version" -- "$word"))
    return
  fi
  case "${COMP_WORDS[1]} ${COMP_WORDS[2]}" in
    "budget history"*) options="--help --json --plain --quiet --timeout --project --by --days" ;;
    "budget set"*) options="--help --json --plain --quiet --timeout --project --operation" ;;
    "budget remove"*) options="--help --json --plain --quiet --timeout --project --default --operation" ;;
    "models check"*) options="--help --json --plain --quiet --timeout --project --model" ;;
    "graph export"*) options="--help --json --plain --quiet --timeout --project --what --format" ;;
    "memories show"*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "memories profile"*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "memories confirm"*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories withdraw"*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories edit"*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories export"*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "session start"*) options="--help --json --plain --quiet --timeout --project --budget" ;;
    "documents add"*) options="--help --json --plain --quiet --timeout --project" ;;
    "documents search"*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "documents remove"*) options="--help --json --plain --quiet --timeout --project" ;;
    "build run"*) options="--help --json --plain --quiet --timeout --project --wall --silence --summary" ;;
    "build record"*) options="--help --json --plain --quiet --timeout --project --exit-code --trigger --log --folder --conversation --only-builds" ;;
    "build runs"*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build failing"*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build explain"*) options="--help --json --plain --quiet --timeout --project" ;;
    "build cure"*) options="--help --json --plain --quiet --timeout --project" ;;
    "build history"*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build diff"*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build verify"*) options="--help --json --plain --quiet --timeout --project" ;;
    "plugin dir"*) options="--help --json --plain --quiet --timeout" ;;
    "import transcripts"*) options="--help --json --plain --quiet --timeout" ;;
    "config list"*) options="--help --json --plain --quiet --timeout --every" ;;
    "config explain"*) options="--help --json --plain --quiet --timeout" ;;
    "config get"*) options="--help --json --plain --quiet --timeout" ;;
    "config set"*) options="--help --json --plain --quiet --timeout --unset" ;;
    "context "*) options="--help --json --plain --quiet --timeout --project --budget" ;;
    "ask "*) options="--help --json --plain --quiet --timeout --project --model --effort --budget --fresh" ;;
    "budget "*) options="--help --json --plain --quiet --timeout --project" ;;
    "models "*) options="--help --json --plain --quiet --timeout --project" ;;
    "open "*) options="--help --json --plain --quiet --timeout --project --cursor" ;;
    "index "*) options="--help --json --plain --quiet --timeout --watch" ;;
    "embed "*) options="--help --json --plain --quiet --timeout --project --seconds" ;;
    "status "*) options="--help --json --plain --quiet --timeout --project" ;;
    "doctor "*) options="--help --json --plain --quiet --timeout --project" ;;
    "version "*) options="--help --json --plain --quiet --timeout" ;;
    "search "*) options="--help --json --plain --quiet --timeout --project --batch --limit" ;;
    "grep "*) options="--help --json --plain --quiet --timeout --project --literal --ignore-case --limit" ;;
    "symbols "*) options="--help --json --plain --quiet --timeout --project --kind --file --beside --limit --cursor" ;;
    "callers "*) options="--help --json --plain --quiet --timeout --project --file --limit --cursor" ;;
    "callees "*) options="--help --json --plain --quiet --timeout --project --file --limit --cursor" ;;
    "impact "*) options="--help --json --plain --quiet --timeout --project --file --limit --depth" ;;
    "affected "*) options="--help --json --plain --quiet --timeout --project --staged --range --depth --limit" ;;
    "languages "*) options="--help --json --plain --quiet --timeout --project" ;;
    "patterns "*) options="--help --json --plain --quiet --timeout --project --type --path --all --limit --cursor" ;;
    "quality "*) options="--help --json --plain --quiet --timeout --project --type --limit --cursor" ;;
    "dependencies "*) options="--help --json --plain --quiet --timeout --project --show --limit --cursor" ;;
    "concepts "*) options="--help --json --plain --quiet --timeout --project --path --limit --cursor" ;;
    "related "*) options="--help --json --plain --quiet --timeout --project --file --limit" ;;
    "clusters "*) options="--help --json --plain --quiet --timeout --project --limit --cursor" ;;
    "refine "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "cochange "*) options="--help --json --plain --quiet --timeout --project --batch --working --staged --range --all --limit --author --at --before" ;;
    "experts "*) options="--help --json --plain --quiet --timeout --project --batch --limit --at --before" ;;
    "history "*) options="--help --json --plain --quiet --timeout --project --author --since --until --path --symbol --limit" ;;
    "why "*) options="--help --json --plain --quiet --timeout --project --file --limit" ;;
    "blame "*) options="--help --json --plain --quiet --timeout --project --batch" ;;
    "causes "*) options="--help --json --plain --quiet --timeout --project --batch --fix --ignore-message --limit" ;;
    "owners "*) options="--help --json --plain --quiet --timeout --project --batch --limit" ;;
    "hotspots "*) options="--help --json --plain --quiet --timeout --project --since --limit" ;;
    "folders "*) options="--help --json --plain --quiet --timeout --project --since" ;;
    "recall "*) options="--help --json --plain --quiet --timeout --project --batch --limit --scope --session --intent --topic --errors --quick --explain" ;;
    "import "*) options="--help --json --plain --quiet --timeout --project --format" ;;
    "record "*) options="--help --json --plain --quiet --timeout --project --batch --role --session --client --message --speaker --model --time --scope" ;;
    "remember "*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "memories "*) options="--help --json --plain --quiet --timeout --project --scope --as-of --known-at --all" ;;
    "forget "*) options="--help --json --plain --quiet --timeout --project --session --containing --scope --verify" ;;
    "documents "*) options="--help --json --plain --quiet --timeout --project" ;;
    "diagnose "*) options="--help --json --plain --quiet --timeout --exit-code --keys" ;;
    "completion "*) options="--help --json --plain --quiet --timeout" ;;
    "reference "*) options="--help --json --plain --quiet --timeout" ;;
    "man "*) options="--help --json --plain --quiet --timeout" ;;
    "agent-help "*) options="--help --json --plain --quiet --timeout" ;;
    "statusline "*) options="--help --json --plain --quiet --timeout" ;;
    "connect "*) options="--help --json --plain --quiet --timeout --all --scope --yes --dry-run --instructions --status" ;;
    "disconnect "*) options="--help --json --plain --quiet --timeout --all --scope --yes --dry-run" ;;
    "serve "*) options="--help --json --plain --quiet --timeout --port --socket --no-token --print-unit --project" ;;
    "hook "*) options="--help --json --plain --quiet --timeout --client" ;;
    "mcp "*) options="--help --json --plain --quiet --timeout --project --drain" ;;
  esac
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _mira mira
