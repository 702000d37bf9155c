# bash completion of mira, made by `mira completion bash`
_mira() {
  local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
  local first="${COMP_WORDS[1]}" at="$COMP_CWORD" options="" values="" seconds="" only=""
  local firsts="context ask budget models open index embed status doctor backups version search grep symbols callers callees impact affected graph languages patterns quality dependencies concepts related clusters refine cochange experts history why blame causes owners hotspots folders recall import record remember memories forget session documents diagnose build completion reference man agent-help statusline connect disconnect plugin serve hook mcp config"
  local line="${COMP_WORDS[*]:1:COMP_CWORD-1} "
  if [ "$first" = help ] && [ "$at" -gt 1 ]; then
    first="${COMP_WORDS[2]}" at=$((at - 1)) line="-"
  fi
  case "$first" in
    budget) seconds="history set remove" ;;
    models) seconds="check" ;;
    backups) seconds="make restore" ;;
    graph) seconds="export" ;;
    import) seconds="transcripts" ;;
    memories) seconds="show profile confirm withdraw edit export" ;;
    session) seconds="start" ;;
    documents) seconds="add search remove" ;;
    build) seconds="run record runs failing explain cure history diff verify" ;;
    plugin) seconds="dir" ;;
    config) seconds="list explain get set" ;;
  esac
  if [ "$at" -eq 1 ]; then
    values="$firsts" only=1
    [ "$COMP_CWORD" -eq 1 ] && values="$values help" options="--help --version"
  else
    case "$line" in
    "budget history "*) options="--help --json --plain --quiet --timeout --project --by --days"
      case "$before" in --by) values="purpose model project operation day" only=1 ;; esac ;;
    "budget set "*) options="--help --json --plain --quiet --timeout --project --operation" values="request operation project day month" ;;
    "budget remove "*) options="--help --json --plain --quiet --timeout --project --default --operation" values="request operation project day month" ;;
    "models check "*) options="--help --json --plain --quiet --timeout --project --model" ;;
    "backups make "*) options="--help --json --plain --quiet --timeout" ;;
    "backups restore "*) options="--help --json --plain --quiet --timeout" ;;
    "graph export "*) options="--help --json --plain --quiet --timeout --project --what --format"
      case "$before" in --what) values="calls symbols imports" only=1 ;; --format) values="tsv json" only=1 ;; esac ;;
    "memories show "*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "memories profile "*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "memories confirm "*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories withdraw "*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories edit "*) options="--help --json --plain --quiet --timeout --project" ;;
    "memories export "*) options="--help --json --plain --quiet --timeout --project --scope" ;;
    "session start "*) options="--help --json --plain --quiet --timeout --project --budget" ;;
    "documents add "*) options="--help --json --plain --quiet --timeout --project" ;;
    "documents search "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "documents remove "*) options="--help --json --plain --quiet --timeout --project" ;;
    "build run "*) options="--help --json --plain --quiet --timeout --project --wall --silence --summary" ;;
    "build record "*) options="--help --json --plain --quiet --timeout --project --exit-code --trigger --log --folder --conversation --only-builds"
      case "$before" in --trigger) values="log hook" only=1 ;; esac ;;
    "build runs "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build failing "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build explain "*) options="--help --json --plain --quiet --timeout --project" ;;
    "build cure "*) options="--help --json --plain --quiet --timeout --project" ;;
    "build history "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build diff "*) options="--help --json --plain --quiet --timeout --project --limit" ;;
    "build verify "*) options="--help --json --plain --quiet --timeout --project" ;;
    "plugin dir "*) options="--help --json --plain --quiet --timeout" ;;
    "import transcripts "*) options="--help --json --plain --quiet --timeout" ;;
    "config list "*) options="--help --json --plain --quiet --timeout --every" ;;
    "config explain "*) options="--help --json --plain --quiet --timeout" ;;
    "config get "*) options="--help --json --plain --quiet --timeout" ;;
    "config set "*) options="--help --json --plain --quiet --timeout --unset" ;;
    "context "*) options="--help --json --plain --quiet --timeout --project --budget" ;;
    "ask "*) options="--help --json --plain --quiet --timeout --project --model --effort --budget --operation --fresh"
      case "$before" in --effort) values="none minimal low medium high xhigh max" only=1 ;; esac ;;
    "budget "*) options="--help --json --plain --quiet --timeout --project" ;;
    "models "*) options="--help --json --plain --quiet --timeout --project" ;;
    "open "*) options="--help --json --plain --quiet --timeout --project --cursor" ;;
    "index "*) options="--help --json --plain --quiet --timeout --watch" ;;
    "embed "*) options="--help --json --plain --quiet --timeout --project --seconds" ;;
    "status "*) options="--help --json --plain --quiet --timeout --project" ;;
    "doctor "*) options="--help --json --plain --quiet --timeout --project" ;;
    "backups "*) options="--help --json --plain --quiet --timeout" ;;
    "version "*) options="--help --json --plain --quiet --timeout" ;;
    "search "*) options="--help --json --plain --quiet --timeout --project --batch --limit" ;;
    "grep "*) options="--help --json --plain --quiet --timeout --project --literal --ignore-case --limit" ;;
    "symbols "*) options="--help --json --plain --quiet --timeout --project --kind --file --beside --limit --cursor" ;;
    "callers "*) options="--help --json --plain --quiet --timeout --project --file --limit --cursor" ;;
    "callees "*) options="--help --json --plain --quiet --timeout --project --file --limit --cursor" ;;
    "impact "*) options="--help --json --plain --quiet --timeout --project --file --limit --depth" ;;
    "affected "*) options="--help --json --plain --quiet --timeout --project --staged --range --depth --limit" ;;
    "languages "*) options="--help --json --plain --quiet --timeout --project" ;;
    "patterns "*) options="--help --json --plain --quiet --timeout --project --type --path --all --limit --cursor"
      case "$before" in --type) values="abstract_factory adapter bridge builder command composite decorator dependency_injection facade factory iterator observer prototype proxy repository service_layer singleton state strategy template_method visitor" only=1 ;; esac ;;
    "quality "*) options="--help --json --plain --quiet --timeout --project --type --limit --cursor"
      case "$before" in --type) values="complexity length duplication dead_code cycle missing_docs missing_tests" only=1 ;; esac ;;
    "dependencies "*) options="--help --json --plain --quiet --timeout --project --show --limit --cursor"
      case "$before" in --show) values="declared unused undeclared cycles" only=1 ;; esac ;;
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
    "recall "*) options="--help --json --plain --quiet --timeout --project --batch --limit --scope --session --intent --topic --errors --quick --explain"
      case "$before" in --intent) values="question request report decision preference correction fact acknowledgement plan other" only=1 ;; esac ;;
    "import "*) options="--help --json --plain --quiet --timeout --project --format"
      case "$before" in --format) values="messages mira" only=1 ;; esac ;;
    "record "*) options="--help --json --plain --quiet --timeout --project --batch --role --session --client --message --speaker --model --time --scope"
      case "$before" in --role) values="user assistant tool system" only=1 ;; esac ;;
    "remember "*) options="--help --json --plain --quiet --timeout --project --scope"
      case "$before" in --scope) values="project user" only=1 ;; esac ;;
    "memories "*) options="--help --json --plain --quiet --timeout --project --scope --as-of --known-at --all" ;;
    "forget "*) options="--help --json --plain --quiet --timeout --project --session --containing --scope --verify" ;;
    "documents "*) options="--help --json --plain --quiet --timeout --project" ;;
    "diagnose "*) options="--help --json --plain --quiet --timeout --exit-code --keys" ;;
    "completion "*) options="--help --json --plain --quiet --timeout" values="bash zsh fish" ;;
    "reference "*) options="--help --json --plain --quiet --timeout" ;;
    "man "*) options="--help --json --plain --quiet --timeout" ;;
    "agent-help "*) options="--help --json --plain --quiet --timeout" ;;
    "statusline "*) options="--help --json --plain --quiet --timeout" ;;
    "connect "*) options="--help --json --plain --quiet --timeout --all --scope --yes --dry-run --instructions --status" values="claude codex gemini opencode cursor"
      case "$before" in --scope) values="user project" only=1 ;; esac ;;
    "disconnect "*) options="--help --json --plain --quiet --timeout --all --scope --yes --dry-run" values="claude codex gemini opencode cursor"
      case "$before" in --scope) values="user project" only=1 ;; esac ;;
    "serve "*) options="--help --json --plain --quiet --timeout --port --socket --no-token --print-unit --project" ;;
    "hook "*) options="--help --json --plain --quiet --timeout --client"
      case "$before" in --client) values="claude codex gemini opencode cursor" only=1 ;; esac ;;
    "mcp "*) options="--help --json --plain --quiet --timeout --project --drain" ;;
    esac
    [ "$at" -eq 2 ] && [ -n "$seconds" ] && values="$seconds $values"
    [ "$line" = - ] && only=1
  fi
  case "$word" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$word")) ;;
    *) COMPREPLY=($(compgen -W "$values" -- "$word")) ;;
  esac
  if [ "${#COMPREPLY[@]}" -eq 0 ] && [ -z "$only" ]; then
    compopt -o filenames 2> /dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
  fi
}
complete -F _mira mira
