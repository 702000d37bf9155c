#include "knowledge/memory/statement_rules.h"

#include <array>
#include <vector>

namespace mira::memory {
namespace {

constexpr auto preference = FactKind::preference;
constexpr auto identity = FactKind::identity;
constexpr auto environment = FactKind::environment;
constexpr auto decision = FactKind::decision;

// Who it is.
constexpr auto of_the_person = std::to_array<StatementRule>({
    {R"(^(?:please )?call me (?P<value>[\w' -]{1,40})$)", identity, "name", true},
    {R"(\bmy name is (?P<value>[\w' -]{1,40}?)(?: and\b.*)?$)", identity, "name", true},
    {R"(^(?:hi,? |hello,? )?i(?:'m| am) (?P<value>an? [\w /-]{3,60}?(?:developer|engineer|scientist|designer|student|manager|administrator|architect|programmer|researcher|producer|writer|technologist|teacher|analyst)\b.*)$)",
     identity, "occupation", true},
    {R"(\bi(?:'m| am) (?:still |fairly |pretty |very |quite |relatively |completely )?(?P<value>(?:new to|a beginner (?:in|at|with)|inexperienced (?:in|with)|experienced (?:in|with)|fluent in|not familiar with|unfamiliar with|an expert (?:in|at|on)) [\w+#. /-]{1,50})$)",
     identity, "experience"},
    {R"(\bi(?:'ve| have) (?:been )?(?P<value>(?:used|using|written|writing|worked with|working with|programmed in|programming in) [\w+#. /-]{1,40}? for (?:over |about |more than |almost |nearly )?(?:\d+|two|three|four|five|six|seven|eight|nine|ten|many|several) years)$)",
     identity, "experience"},
    {R"(\bi(?:'m| am) (?:currently |now |still )?(?:learning|studying|trying to learn) (?P<value>[\w+#. /-]{1,60})$)",
     preference, "learning goal"},
    {R"(\bi(?:'d like| would like| want| plan| hope) to (?:learn|get better at)(?: more about)? (?P<value>[\w+#. /-]{1,60})$)",
     preference, "learning goal"},
    {R"(\bi (?:now )?(?:work|live) (?P<subject>for|at|in) (?P<value>[\w'., &-]{2,60})$)", identity, "", true},
});

// What took the place of something.
constexpr auto of_changes = std::to_array<StatementRule>({
    {R"(\bwe(?:'ve| have)? (?:just |now |recently |finally )?(?:switched|moved|migrated|changed|upgraded)(?: (?P<subject>[\w -]{2,30}?))??(?: over)?(?: from (?P<old>.{1,60}?))? to (?P<value>.{1,80})$)",
     environment, "", true, false, true},
    {R"(\bi(?:'ve| have)? (?:just |now |recently |finally )?(?:switched|moved|changed)(?: from (?P<old>.{1,60}?))? to (?P<value>.{1,80})$)",
     preference, "", true, false, true},
    {R"(\b(?:we|i)(?:'ve| have)? (?:just |now |recently |finally )?(?:replaced|swapped) (?P<old>.{1,60}?) (?:with|by|for) (?P<value>.{1,60})$)",
     environment, "", true, false, true, ValueMust::name_a_tool},
    {R"(\b(?:we|i)(?:'ve| have)? (?:just |now |recently |finally )?(?:dropped|removed|retired|abandoned|got(?:ten)? rid of|moved off|moved away from|migrated off|migrated away from) (?P<value>.{1,60})$)",
     environment, "", false, true, true, ValueMust::name_a_tool},
    {R"(^(?:please )?use (?P<value>.{1,60}?)(?:,? (?:instead of|rather than|not|and not) (?P<old>.{1,60}))$)",
     preference, "", true, false, true},
    {R"(^(?:no|actually)[, ]+(?:it's|it is|we use|i use|use) (?P<value>.{1,60}?)(?:,? not (?P<old>.{1,60}))?$)",
     preference, "", true, false, true},
});

// What is liked, and what is not.
constexpr auto of_wishes = std::to_array<StatementRule>({
    {R"(\bi (?:strongly |really |much |usually |generally |always )?prefer (?P<value>.{1,80}?)(?: (?:over|to|rather than|instead of) (?P<old>.{1,60}))?$)",
     preference, ""},
    {R"(\bi (?:no longer|don't|do not|won't) (?:want|like|use|need) (?P<value>.{1,80})$)", preference, "",
     false, true, true},
    {R"(\bi (?:really |also )?(?:hate|dislike|avoid) (?P<value>.{1,80})$)", preference, "", false, true},
    {R"(^(?:please |and |so )?(?:always )?(?:(?:answer|reply|respond|write|explain)(?: to)?(?: me)?|(?:i want|i'd like|i prefer|give me|keep) (?:the |all |your |my )*(?:answers|replies|responses|explanations)) in (?P<value>english|german|french|spanish|italian|dutch|portuguese|polish|swedish|danish|norwegian|finnish|czech|turkish|russian|ukrainian|japanese|chinese|korean|hindi|arabic|hebrew)(?: from now on| now| please)?$)",
     preference, "answer language", true},
    {R"(^(?:please )?(?:keep|make) (?P<value>(?:your |the |all )?(?:answers?|replies|responses?|explanations?|summaries|commit messages?|functions?|comments?|tests?|pull requests?) .{3,60})$)",
     preference, "rule"},
    {R"(^(?:please |and |so )?(?:never|don't ever|do not ever) (?P<value>.{3,120})$)", preference, "rule",
     false, true},
    {R"(^(?:please |and |so )?(?:don't|do not) (?P<value>(?:use|add|write|commit|push|touch|change|run|put|log|mock|call|create|edit|format|rename|delete|remove|include) .{2,120})$)",
     preference, "rule", false, true},
    {R"(^(?:please |and |so )?(?:don't|do not) (?P<value>.{3,100}?) (?:anymore|any more|any longer)$)",
     preference, "rule", false, true, true},
    {R"(^(?:please |and |so )?always (?P<value>.{3,120})$)", preference, "rule"},
    {R"(^(?:here |in this (?:project|repo|repository) |as a rule,? )?we never (?P<value>(?:deploy|release|commit|push|force-push|merge|rebase|squash|mock|log|store|hardcode|touch|edit|skip|ship|write|call|add) ?.{0,118})$)",
     preference, "rule", false, true},
    {R"(^(?:here |in this (?:project|repo|repository) |as a rule,? )?we always (?P<value>(?:squash|rebase|merge|review|test|run|write|add|tag|sign|format|lint|commit|bump|update|document|mock|log|check|wrap|name|prefix|start|use) .{2,110})$)",
     preference, "rule"},
    {R"(^from now on,? (?P<value>.{3,120})$)", decision, "rule", false, false, true},
});

// What the project stands on.
constexpr auto of_the_project = std::to_array<StatementRule>({
    {R"(\bwe (?:no longer|don't|do not|never|stopped) (?:use|using|support|supporting|need) (?P<value>.{1,80})$)",
     environment, "", false, true, true},
    {R"(\b(?:we|this project|the project|the code|our code)(?:'re| are| is)? (?:now |still |only )?(?:on|target(?:s|ing)?|requires?|needs?|supports?|runs? on|built with|compiles? (?:with|as)|use|uses|using) (?P<value>[\w+#.]{1,12} ?(?:version )?v?\d[\w.+-]*(?: ?\+| (?:or|and) \w+)?)(?: now)?$)",
     environment, "", true, false, false, ValueMust::name_a_version},
    {R"(\b(?:the|our) (?:minimum |minimal |lowest |oldest |required |supported )*(?P<subject>(?:python|node|go|java|rust|ruby|php|kotlin|swift|typescript|compiler|c\+\+) version) (?:is|must be)(?: now)? (?P<value>.{1,30})$)",
     environment, "", true},
    {R"(\b(?:our|my|the) (?P<subject>[\w -]{2,40}?) (?:now )?(?:runs?|listens?|lives?|is hosted|is served|is reachable|answers)(?: now)? (?:on|in|at|under) (?P<value>.{1,60})$)",
     environment, "", true, false, false, ValueMust::be_an_address},
    {R"(\bour (?P<subject>[\w -]{2,40}?) (?:is|are|runs? on|lives? (?:on|in)) now (?P<value>.{1,80})$)",
     environment, "", true, false, true, ValueMust::last},
    {R"(\b(?:our|my|the) (?P<subject>[\w -]{2,40}?) (?:was|were|has been|have been|got) (?:changed|moved|extended|increased|raised|lowered|reduced|rescheduled|postponed|renamed|set|switched) (?:from (?P<old>.{1,60}?) )?to (?P<value>.{1,80})$)",
     environment, "", true, false, true},
    {R"(\b(?:our|my) (?P<subject>[\w -]{2,40}?) (?:is|are) (?P<value>.{1,80})$)", environment, "", true,
     false, false, ValueMust::last},
    {R"(\bthe (?P<subject>(?:test|build|deploy|release|lint|format|start) (?:command|day|branch|target|script)|default branch|main branch|database|deadline|package manager|production server|staging server|code style|line length|license|target platform) is (?P<value>.{1,80})$)",
     environment, "", true, false, false, ValueMust::last},
    {R"(^(?:and |so )?(?:(?:the|our|my) )?(?P<subject>[\w/ -]{2,40}?(?: of (?:the|our|my) [\w/ -]{2,30}?)?) (?:is|are|is called|is named|is set to)(?: now)? (?P<value>.{1,60})$)",
     environment, "", true, false, false, ValueMust::be_definite},
    {R"(^(?:and |so )?(?:(?:the|our|my) )?(?P<subject>[\w/ -]{2,40}?) is (?:called|named)(?: now)? (?P<value>\S{1,40}(?: \S{1,20})?)$)",
     environment, "", true, false, false, ValueMust::last},
    {R"(^(?P<value>\w{2,20}(?: \w{2,20})?) (?:(?:now )?(?:owns|maintains|leads)|is(?: now)? (?:responsible for|in charge of)|takes care of) (?P<subject>(?:the |our )?[\w/. -]{2,40}?)(?: now)?$)",
     environment, "owner of", true, false, false, ValueMust::be_a_name},
    {R"(\b(?:we )?(?:now )?(?:run|start|launch) (?:the |our |all )?(?P<subject>(?:unit |integration |e2e )?tests?|test suite|suite|builds?|linter|lint|benchmarks?|app|dev server|server)(?: now)? (?:with|using|via|by|through) (?P<value>.{1,80})$)",
     environment, "", true},
    {R"(\b(?P<subject>tests?|builds?|deploys?|releases?|deployments?)(?: now)? (?:run|runs|are run|is run|go out|happen|happens|are made|is made)(?: now)? (?P<prep>with|by|on|using|through|via|every|at|in) (?P<value>.{1,80})$)",
     environment, "", true},
    {R"(\b(?:we|i)(?:'re|'m| are| am)? (?:now |currently |always |usually |only |normally |also )*(?P<subject>deploy(?:ing)?|releas(?:e|ing)|ship(?:ping)?|publish(?:ing)?|merg(?:e|ing)|host(?:ing)?|(?:stor(?:e|ing)|keep|keeping|cach(?:e|ing)) [\w -]{2,30}?|test(?:ing)?|build(?:ing)?|log(?:ging)?|monitor(?:ing)?|branch(?:ing)?)(?: now| only)?(?: everything| it| them| the app)? (?P<prep>to|on|with|in|via|using|through|by|every|at|from|into|under) (?P<value>.{1,80})$)",
     environment, ""},
    {R"(\bwe(?:'re| are)? (?:now |currently |only |mostly |also )*(?:use|using|run on|running on|rely on|relying on) (?P<value>.{1,80}?)(?: (?:for|as)(?: the| our)? (?P<subject>[\w -]{2,40}))?$)",
     environment, ""},
    {R"(\bi(?:'m| am)? (?:now |currently |only |mostly |also )*(?:use|using) (?P<value>.{1,80}?)(?: (?:for|as)(?: the| my)? (?P<subject>[\w -]{2,40}))?$)",
     preference, ""},
});

// What was settled.
constexpr auto of_decisions = std::to_array<StatementRule>({
    {R"(\b(?:we|i)(?:'ve| have)? (?:decided|agreed|chose|chosen|settled on|picked|went with)(?: to| on| that)? (?P<value>.{2,120})$)",
     decision, ""},
    {R"(^let's (?:go with|use|stick (?:to|with)|take|switch to|move to) (?P<value>.{2,80}?)(?: (?:for|as)(?: the| our)? (?P<subject>[\w -]{2,40}))?$)",
     decision, ""},
});

}  // namespace

std::span<const StatementRule> statement_rules() {
  static const std::vector<StatementRule> all = [] {
    std::vector<StatementRule> out(of_the_person.begin(), of_the_person.end());
    out.insert(out.end(), of_changes.begin(), of_changes.end());
    out.insert(out.end(), of_wishes.begin(), of_wishes.end());
    out.insert(out.end(), of_the_project.begin(), of_the_project.end());
    out.insert(out.end(), of_decisions.begin(), of_decisions.end());
    return out;
  }();
  return all;
}

}  // namespace mira::memory
