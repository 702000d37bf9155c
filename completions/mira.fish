# fish completion of mira, made by `mira completion fish`
function __mira_is # the command line begins with these words
  set -l given (commandline -opc)
  set -l last (math 1 + (count $argv))
  test (count $given) -ge $last; and test "$given[2..$last]" = "$argv"
end
function __mira_at # and nothing else is there yet
  test (count (commandline -opc)) -eq (math 1 + (count $argv)); and __mira_is $argv
end
complete -c mira -n __fish_use_subcommand -f -a context -d 'The evidence that matters for a question or a task, inside a token budget'
complete -c mira -n __fish_use_subcommand -f -a ask -d 'Have a model answer a question from this project\'s evidence, with citations and cost'
complete -c mira -n __fish_use_subcommand -f -a budget -d 'What is spent, reserved and left of the caps, and where the pace leads'
complete -c mira -n __fish_use_subcommand -f -a models -d 'The models, aliases and prices that are known, and the host that is asked'
complete -c mira -n __fish_use_subcommand -f -a open -d 'The text behind a citation, a path or a mira:// URI'
complete -c mira -n __fish_use_subcommand -f -a index -d 'Bring the index of a project up to date'
complete -c mira -n __fish_use_subcommand -f -a embed -d 'Let code and what was said be found by meaning, not by words alone'
complete -c mira -n __fish_use_subcommand -f -a status -d 'Show what Mira knows of this project and whether it is up to date'
complete -c mira -n __fish_use_subcommand -f -a doctor -d 'Check the stores, the sandbox and this project\'s index, and say what to do about each fault'
complete -c mira -n __fish_use_subcommand -f -a backups -d 'List the copies of mira.db, newest first'
complete -c mira -n __fish_use_subcommand -f -a version -d 'Show the version of this program and of what it is built on'
complete -c mira -n __fish_use_subcommand -f -a search -d 'Find code by symbol, path, error text or description'
complete -c mira -n __fish_use_subcommand -f -a grep -d 'Find lines by text or regular expression'
complete -c mira -n __fish_use_subcommand -f -a symbols -d 'List symbols by name, pattern, kind or file'
complete -c mira -n __fish_use_subcommand -f -a callers -d 'Who calls a symbol'
complete -c mira -n __fish_use_subcommand -f -a callees -d 'What a symbol calls'
complete -c mira -n __fish_use_subcommand -f -a impact -d 'What a change of a symbol can reach'
complete -c mira -n __fish_use_subcommand -f -a affected -d 'What a change does to the symbols, and what that can reach'
complete -c mira -n __fish_use_subcommand -f -a graph -d 'several commands: mira graph --help'
complete -c mira -n __fish_use_subcommand -f -a languages -d 'Languages Mira reads, how deep, and how many files of each are here'
complete -c mira -n __fish_use_subcommand -f -a patterns -d 'Design patterns that the structure of the code shows'
complete -c mira -n __fish_use_subcommand -f -a quality -d 'Places in the code that may deserve work, with the number that says so'
complete -c mira -n __fish_use_subcommand -f -a dependencies -d 'Packages that manifests ask for and files use; who imports a file; import cycles'
complete -c mira -n __fish_use_subcommand -f -a concepts -d 'All code about a matter: authentication, retry, parsing'
complete -c mira -n __fish_use_subcommand -f -a related -d 'What a symbol is for, and what else is about the same things'
complete -c mira -n __fish_use_subcommand -f -a clusters -d 'The domains of the project: files that belong together, named by their words'
complete -c mira -n __fish_use_subcommand -f -a refine -d 'Have a model say what functions and types without documentation are for'
complete -c mira -n __fish_use_subcommand -f -a cochange -d 'Files that change together with these, or that a change forgot'
complete -c mira -n __fish_use_subcommand -f -a experts -d 'People most likely to touch or review a file next'
complete -c mira -n __fish_use_subcommand -f -a history -d 'Commits of a file or a symbol, or commits about something'
complete -c mira -n __fish_use_subcommand -f -a why -d 'Why lines or a symbol are as they are: the commits that made them'
complete -c mira -n __fish_use_subcommand -f -a blame -d 'Who put the lines of a file there, and when'
complete -c mira -n __fish_use_subcommand -f -a causes -d 'The commits that brought in what a commit repairs'
complete -c mira -n __fish_use_subcommand -f -a owners -d 'Who knows a file or a folder: whose lines survive there'
complete -c mira -n __fish_use_subcommand -f -a hotspots -d 'Files that are changed often and are hard: where work hurts'
complete -c mira -n __fish_use_subcommand -f -a folders -d 'A summary of each folder: size, people, churn, what is hottest'
complete -c mira -n __fish_use_subcommand -f -a recall -d 'What was said about something'
complete -c mira -n __fish_use_subcommand -f -a import -d 'Take in conversations that were held elsewhere'
complete -c mira -n __fish_use_subcommand -f -a record -d 'Keep one turn of a conversation'
complete -c mira -n __fish_use_subcommand -f -a remember -d 'Keep a note for good'
complete -c mira -n __fish_use_subcommand -f -a memories -d 'What holds, as far as the user said: preferences, names, decisions'
complete -c mira -n __fish_use_subcommand -f -a forget -d 'Remove what was said, so that no byte of it is left'
complete -c mira -n __fish_use_subcommand -f -a session -d 'several commands: mira session --help'
complete -c mira -n __fish_use_subcommand -f -a documents -d 'Documents that were added to this project'
complete -c mira -n __fish_use_subcommand -f -a diagnose -d 'Errors and warnings of any build or test log, as records'
complete -c mira -n __fish_use_subcommand -f -a build -d 'several commands: mira build --help'
complete -c mira -n __fish_use_subcommand -f -a completion -d 'Print the completion script of a shell'
complete -c mira -n __fish_use_subcommand -f -a reference -d 'Print the reference of all commands as Markdown'
complete -c mira -n __fish_use_subcommand -f -a man -d 'Print the manual page'
complete -c mira -n __fish_use_subcommand -f -a agent-help -d 'Print one page for an agent that can only run commands'
complete -c mira -n __fish_use_subcommand -f -a statusline -d 'Print one line for Claude Code\'s status line from the JSON on standard input'
complete -c mira -n __fish_use_subcommand -f -a connect -d 'Put Mira\'s server and hooks into the configuration of agents'
complete -c mira -n __fish_use_subcommand -f -a disconnect -d 'Take Mira out of the configuration of agents again'
complete -c mira -n __fish_use_subcommand -f -a plugin -d 'several commands: mira plugin --help'
complete -c mira -n __fish_use_subcommand -f -a serve -d 'Serve every action over HTTP on this machine'
complete -c mira -n __fish_use_subcommand -f -a hook -d 'Answer one hook of an agent: a JSON object on standard input, one on standard output or nothing'
complete -c mira -n __fish_use_subcommand -f -a mcp -d 'Serve this project to an agent over the Model Context Protocol on standard input and output'
complete -c mira -n __fish_use_subcommand -f -a config -d 'several commands: mira config --help'
complete -c mira -n __fish_use_subcommand -f -a help -d 'Help on a command'
complete -c mira -n '__mira_at help' -f -a 'context ask budget models open index embed status doctor backups version search grep symbols callers callees impact affected graph languages patterns quality dependencies concepts related clusters refine cochange experts history why blame causes owners hotspots folders recall import record remember memories forget session documents diagnose build completion reference man agent-help statusline connect disconnect plugin serve hook mcp config'
complete -c mira -n '__mira_at budget' -f -a history -d 'What was spent by purpose, model, project, operation or day'
complete -c mira -n '__mira_at budget' -f -a set -d 'Set a cap in dollars'
complete -c mira -n '__mira_at budget' -f -a remove -d 'Take a cap away'
complete -c mira -n '__mira_at help budget' -f -a 'history set remove'
complete -c mira -n '__mira_at models' -f -a check -d 'Ask the host one small question and say what works'
complete -c mira -n '__mira_at help models' -f -a 'check'
complete -c mira -n '__mira_at backups' -f -a make -d 'Copy mira.db now, while it is in use, and check the copy'
complete -c mira -n '__mira_at backups' -f -a restore -d 'Put a copy in the place of mira.db; what was there is kept'
complete -c mira -n '__mira_at help backups' -f -a 'make restore'
complete -c mira -n '__mira_at graph' -f -a export -d 'Write the call graph, the symbols or the imports for other programs'
complete -c mira -n '__mira_at help graph' -f -a 'export'
complete -c mira -n '__mira_at import' -f -a transcripts -d 'Take in what agents kept of their conversations about this project'
complete -c mira -n '__mira_at help import' -f -a 'transcripts'
complete -c mira -n '__mira_at memories' -f -a show -d 'One message as it was said, and what was read from it'
complete -c mira -n '__mira_at memories' -f -a profile -d 'What your confirmed facts tell of you, and what comes back in your conversations'
complete -c mira -n '__mira_at memories' -f -a confirm -d 'Say that a fact is right'
complete -c mira -n '__mira_at memories' -f -a withdraw -d 'Say that a fact does not hold'
complete -c mira -n '__mira_at memories' -f -a edit -d 'Put a fact right'
complete -c mira -n '__mira_at memories' -f -a export -d 'Write all that was said as JSON lines, to keep or to take elsewhere'
complete -c mira -n '__mira_at help memories' -f -a 'show profile confirm withdraw edit export'
complete -c mira -n '__mira_at session' -f -a start -d 'Where we were, what is open, what you prefer: for the start of a session'
complete -c mira -n '__mira_at help session' -f -a 'start'
complete -c mira -n '__mira_at documents' -f -a add -d 'Add documents to what is known of this project'
complete -c mira -n '__mira_at documents' -f -a search -d 'What the documents of this project say about something'
complete -c mira -n '__mira_at documents' -f -a remove -d 'Take a document out of what is known'
complete -c mira -n '__mira_at help documents' -f -a 'add search remove'
complete -c mira -n '__mira_at build' -f -a run -d 'Run a build or test command, and remember what it said and what cured it'
complete -c mira -n '__mira_at build' -f -a record -d 'Remember a run that somebody else made, from its log on standard input'
complete -c mira -n '__mira_at build' -f -a runs -d 'Builds and tests that were run, newest first'
complete -c mira -n '__mira_at build' -f -a failing -d 'What the last run of each command left failing'
complete -c mira -n '__mira_at build' -f -a explain -d 'An error whole, and what cured it before'
complete -c mira -n '__mira_at build' -f -a cure -d 'What cured the very errors of a log before'
complete -c mira -n '__mira_at build' -f -a history -d 'Runs that showed an error, and how it ended each time'
complete -c mira -n '__mira_at build' -f -a diff -d 'Lines of a failed run\'s log that the last green run did not have'
complete -c mira -n '__mira_at build' -f -a verify -d 'Try a known cure: does the error come back without it?'
complete -c mira -n '__mira_at help build' -f -a 'run record runs failing explain cure history diff verify'
complete -c mira -n '__mira_at plugin' -f -a dir -d 'Print the folder of Mira\'s plugin for Claude Code and Codex'
complete -c mira -n '__mira_at help plugin' -f -a 'dir'
complete -c mira -n '__mira_at config' -f -a list -d 'Show what is set, and where'
complete -c mira -n '__mira_at config' -f -a explain -d 'Show a setting\'s value and where it comes from'
complete -c mira -n '__mira_at config' -f -a get -d 'Print the value of a setting'
complete -c mira -n '__mira_at config' -f -a set -d 'Set a value in your configuration file'
complete -c mira -n '__mira_at help config' -f -a 'list explain get set'
complete -c mira -n '__mira_is context' -l budget -d 'tokens (o200k_base) that the whole answer may have' -r
complete -c mira -n '__mira_is ask' -l model -d 'fast, default or deep, or a model\'s own name' -r
complete -c mira -n '__mira_is ask' -l effort -d 'how hard the model thinks; default: the alias\'s' -x -a 'none minimal low medium high xhigh max'
complete -c mira -n '__mira_is ask' -l budget -d 'tokens of evidence that are sent; default: by what is left of the caps' -r
complete -c mira -n '__mira_is ask' -l operation -d 'a name for the work this belongs to; mira budget set operation caps what it may cost' -r
complete -c mira -n '__mira_is ask' -l fresh -d 'ask the model even if the same was asked within a day'
complete -c mira -n '__mira_is budget history' -l by -d 'how to group' -x -a 'purpose model project operation day'
complete -c mira -n '__mira_is budget history' -l days -d 'how far back' -r
complete -c mira -n '__mira_is budget set' -f -a 'request operation project day month'
complete -c mira -n '__mira_is budget set' -l operation -d 'the operation whose cap it is: what ask is given by that name' -r
complete -c mira -n '__mira_is budget remove' -f -a 'request operation project day month'
complete -c mira -n '__mira_is budget remove' -l default -d 'back to the default'
complete -c mira -n '__mira_is budget remove' -l operation -d 'the operation whose cap it is: what ask is given by that name' -r
complete -c mira -n '__mira_is models check' -l model -d 'an alias or a model\'s own name' -r
complete -c mira -n '__mira_is open' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is index' -l watch -d 'stay, and follow every change of the files until interrupted'
complete -c mira -n '__mira_is embed' -l seconds -d 'end after so many seconds; 0: when all is done' -r
complete -c mira -n '__mira_is doctor' -l project -d 'a path in the project; default: the working folder' -r
complete -c mira -n '__mira_is search' -l limit -d 'Most results' -r
complete -c mira -n '__mira_is grep' -l literal -d 'The pattern is text, not an expression'
complete -c mira -n '__mira_is grep' -l ignore-case -d 'Capital and small letters are the same'
complete -c mira -n '__mira_is grep' -l limit -d 'Most lines' -r
complete -c mira -n '__mira_is symbols' -l kind -d 'Only this kind: function, class, ...' -r
complete -c mira -n '__mira_is symbols' -l file -d 'Only in this file (path or its end)' -r
complete -c mira -n '__mira_is symbols' -l beside -d 'The text that the name stands in: a class it names tells namesakes apart' -r
complete -c mira -n '__mira_is symbols' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is symbols' -l cursor -d 'Where the next page starts' -r
complete -c mira -n '__mira_is callers' -l file -d 'Only a symbol of this file (path or its end)' -r
complete -c mira -n '__mira_is callers' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is callers' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is callees' -l file -d 'Only a symbol of this file (path or its end)' -r
complete -c mira -n '__mira_is callees' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is callees' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is impact' -l file -d 'Only a symbol of this file (path or its end)' -r
complete -c mira -n '__mira_is impact' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is impact' -l depth -d 'Levels of callers to follow' -r
complete -c mira -n '__mira_is affected' -l staged -d 'What the next commit would take'
complete -c mira -n '__mira_is affected' -l range -d 'Commits A..B, or A for A..HEAD: ids, branches, tags, HEAD~3' -r
complete -c mira -n '__mira_is affected' -l depth -d 'Levels of callers to follow' -r
complete -c mira -n '__mira_is affected' -l limit -d 'Most symbols of each list' -r
complete -c mira -n '__mira_is graph export' -l what -d 'What to write' -x -a 'calls symbols imports'
complete -c mira -n '__mira_is graph export' -l format -d 'How to write it' -x -a 'tsv json'
complete -c mira -n '__mira_is patterns' -l type -d 'Only this pattern' -x -a 'abstract_factory adapter bridge builder command composite decorator dependency_injection facade factory iterator observer prototype proxy repository service_layer singleton state strategy template_method visitor'
complete -c mira -n '__mira_is patterns' -l path -d 'Only in this file or folder' -r
complete -c mira -n '__mira_is patterns' -l all -d 'Rules that are not proven too'
complete -c mira -n '__mira_is patterns' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is patterns' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is quality' -l type -d 'Only this kind' -x -a 'complexity length duplication dead_code cycle missing_docs missing_tests'
complete -c mira -n '__mira_is quality' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is quality' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is dependencies' -l show -d 'declared: all; unused: never imported; undeclared: imported, in no manifest; cycles: files that import each other' -x -a 'declared unused undeclared cycles'
complete -c mira -n '__mira_is dependencies' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is dependencies' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is concepts' -l path -d 'Only in this file or folder' -r
complete -c mira -n '__mira_is concepts' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is concepts' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is related' -l file -d 'Only a symbol of this file (path or its end)' -r
complete -c mira -n '__mira_is related' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is clusters' -l limit -d 'Most rows of a page' -r
complete -c mira -n '__mira_is clusters' -l cursor -d 'Where the next page starts, as the last reply said' -r
complete -c mira -n '__mira_is refine' -l limit -d 'Ask at most so many; 0: all' -r
complete -c mira -n '__mira_is cochange' -l working -d 'ask about the files that differ from HEAD: what was forgotten?'
complete -c mira -n '__mira_is cochange' -l staged -d 'the same for what is staged'
complete -c mira -n '__mira_is cochange' -l range -d 'the same for the commits of A..B, or for one commit' -r
complete -c mira -n '__mira_is cochange' -l all -d 'with these three: name candidates that are not precise enough, too'
complete -c mira -n '__mira_is cochange' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is cochange' -l author -d 'mail or name of who is working' -r
complete -c mira -n '__mira_is cochange' -l at -d 'answer as it stood right after this commit' -r
complete -c mira -n '__mira_is cochange' -l before -d 'answer as it stood right before this commit' -r
complete -c mira -n '__mira_is experts' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is experts' -l at -d 'answer as it stood right after this commit' -r
complete -c mira -n '__mira_is experts' -l before -d 'answer as it stood right before this commit' -r
complete -c mira -n '__mira_is history' -l author -d 'part of a name or mail' -r
complete -c mira -n '__mira_is history' -l since -d 'a day (2024-05-31) or an age (90d, 12w, 6m, 2y)' -r
complete -c mira -n '__mira_is history' -l until -d 'a day or an age: commits before it' -r
complete -c mira -n '__mira_is history' -l path -d 'a file or folder that the commits touched, or that the symbol is in' -r
complete -c mira -n '__mira_is history' -l symbol -d 'only commits about the words that changed this symbol' -r
complete -c mira -n '__mira_is history' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is why' -l file -d 'the file that the symbol is in, or the end of its path' -r
complete -c mira -n '__mira_is why' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is causes' -l fix -d 'the same, under the name that batches use' -r
complete -c mira -n '__mira_is causes' -l ignore-message -d 'do not read the message of the commit'
complete -c mira -n '__mira_is causes' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is owners' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is hotspots' -l since -d 'count changes from this day (2024-05-31) or age (90d, 1y) on' -r
complete -c mira -n '__mira_is hotspots' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is folders' -l since -d 'count changes from this day (2024-05-31) or age (90d, 1y) on' -r
complete -c mira -n '__mira_is recall' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is recall' -l scope -d 'only this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is recall' -l session -d 'only this conversation' -r
complete -c mira -n '__mira_is recall' -l intent -d 'only messages meant so, as rules read them' -x -a 'question request report decision preference correction fact acknowledgement plan other'
complete -c mira -n '__mira_is recall' -l topic -d 'only messages about this, as `mira memories show` names topics' -r
complete -c mira -n '__mira_is recall' -l errors -d 'only messages that hold an error of a tool'
complete -c mira -n '__mira_is recall' -l quick -d 'by words alone, and of more than 5,000 messages only those that hold most of the words'
complete -c mira -n '__mira_is recall' -l explain -d 'tell where each arm of the search ranks it'
complete -c mira -n '__mira_is import' -l format -d 'what the lines are' -x -a 'messages mira'
complete -c mira -n '__mira_is record' -l role -d 'who said it' -x -a 'user assistant tool system'
complete -c mira -n '__mira_is record' -l session -d 'the client\'s id of the conversation' -r
complete -c mira -n '__mira_is record' -l client -d 'the program it is held with' -r
complete -c mira -n '__mira_is record' -l message -d 'the client\'s id of this message' -r
complete -c mira -n '__mira_is record' -l speaker -d 'name of who said it' -r
complete -c mira -n '__mira_is record' -l model -d 'the model that wrote it' -r
complete -c mira -n '__mira_is record' -l time -d 'when it was said, ISO 8601; default: now' -r
complete -c mira -n '__mira_is record' -l scope -d 'user, project (default), or a name' -r
complete -c mira -n '__mira_is remember' -l scope -d 'whom it belongs to' -x -a 'project user'
complete -c mira -n '__mira_is memories' -l scope -d 'only this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is memories' -l as-of -d 'what held then, 2024-05-31 or with a time' -r
complete -c mira -n '__mira_is memories' -l known-at -d 'what was known then' -r
complete -c mira -n '__mira_is memories' -l all -d 'those that no longer hold too'
complete -c mira -n '__mira_is memories show' -l scope -d 'look in this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is memories profile' -l scope -d 'only this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is memories export' -l scope -d 'only this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is forget' -l session -d 'a whole conversation' -r
complete -c mira -n '__mira_is forget' -l containing -d 'every message with exactly this text in it' -r
complete -c mira -n '__mira_is forget' -l scope -d 'only this one: user, project, or a name given at import' -r
complete -c mira -n '__mira_is forget' -l verify -d 'search the bytes of every file for it'
complete -c mira -n '__mira_is session start' -l budget -d 'tokens, at most' -r
complete -c mira -n '__mira_is documents search' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is diagnose' -l exit-code -d 'exit code of the command that wrote the log, where it is known' -r
complete -c mira -n '__mira_is diagnose' -l keys -d 'with --json: what makes two records the same one, the same problem, of one kind'
complete -c mira -n '__mira_is build run' -l wall -d 'seconds it may take in all' -r
complete -c mira -n '__mira_is build run' -l silence -d 'seconds it may say nothing' -r
complete -c mira -n '__mira_is build run' -l summary -d 'only the summary, not the command\'s own output'
complete -c mira -n '__mira_is build record' -l exit-code -d 'its exit code, where it is known' -r
complete -c mira -n '__mira_is build record' -l trigger -d 'who saw it' -x -a 'log hook'
complete -c mira -n '__mira_is build record' -l log -d 'the log itself; without it standard input is read' -r
complete -c mira -n '__mira_is build record' -l folder -d 'where the command ran; the project\'s root where it is not told' -r
complete -c mira -n '__mira_is build record' -l conversation -d 'the agent\'s conversation: a cure is told once in it' -r
complete -c mira -n '__mira_is build record' -l only-builds -d 'keep it only when it is the log of a build or a test'
complete -c mira -n '__mira_is build runs' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is build failing' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is build history' -l limit -d 'how many at most' -r
complete -c mira -n '__mira_is build diff' -l limit -d 'lines of each side at most' -r
complete -c mira -n '__mira_is completion' -f -a 'bash zsh fish'
complete -c mira -n '__mira_is connect' -f -a 'claude codex gemini opencode cursor'
complete -c mira -n '__mira_is connect' -l all -d 'every agent that is installed here'
complete -c mira -n '__mira_is connect' -l scope -d 'the user\'s own configuration, or this project\'s' -x -a 'user project'
complete -c mira -n '__mira_is connect' -l yes -d 'write; without it the changes are only shown'
complete -c mira -n '__mira_is connect' -l dry-run -d 'only show the changes, even with --yes'
complete -c mira -n '__mira_is connect' -l instructions -d 'also a marked block in the agent\'s CLAUDE.md, AGENTS.md or GEMINI.md'
complete -c mira -n '__mira_is connect' -l status -d 'show which agents are there and connected'
complete -c mira -n '__mira_is disconnect' -f -a 'claude codex gemini opencode cursor'
complete -c mira -n '__mira_is disconnect' -l all -d 'every agent that is installed here'
complete -c mira -n '__mira_is disconnect' -l scope -d 'the user\'s own configuration, or this project\'s' -x -a 'user project'
complete -c mira -n '__mira_is disconnect' -l yes -d 'write; without it the changes are only shown'
complete -c mira -n '__mira_is disconnect' -l dry-run -d 'only show the changes, even with --yes'
complete -c mira -n '__mira_is serve' -l port -d 'of 127.0.0.1 and ::1; 0: any that is free' -r
complete -c mira -n '__mira_is serve' -l socket -d 'path of a unix socket to listen on instead' -r
complete -c mira -n '__mira_is serve' -l no-token -d 'ask for no token: every program of this machine may then ask, pages still not'
complete -c mira -n '__mira_is serve' -l print-unit -d 'print a systemd user unit that serves this project, and do nothing else'
complete -c mira -n '__mira_is serve' -l project -d 'a path in the project; default: the working folder' -r
complete -c mira -n '__mira_is hook' -l client -d 'whose hook it is; told from the environment when not given' -x -a 'claude codex gemini opencode cursor'
complete -c mira -n '__mira_is mcp' -l project -d 'a path in the project; default: the working folder' -r
complete -c mira -n '__mira_is mcp' -l drain -d 'answer all that was asked before the input ended, however long it takes'
complete -c mira -n '__mira_is config list' -l every -d 'also what is not set'
complete -c mira -n '__mira_is config set' -l unset -d 'take it out, so that the default holds'
complete -c mira -n 'not __fish_use_subcommand' -l json -d 'print the machine-readable form'
complete -c mira -n 'not __fish_use_subcommand' -l plain -d 'no colour, no redrawn lines'
complete -c mira -n 'not __fish_use_subcommand' -s q -l quiet -d 'no progress and no notes'
complete -c mira -n 'not __fish_use_subcommand' -l timeout -x -d 'give up after this many seconds'
complete -c mira -s h -l help -d 'help, on every level'
