#include "cli/app/html.h"

#include <fmt/format.h>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {

std::string html_text(std::string_view escaped) {
    std::string out;
    for (const char c : escaped) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string html_raw(std::string_view untrusted) { return html_text(escape_text(untrusted)); }

std::string_view html_style() {
    return R"(
:root { color-scheme: light dark; --page: #ffffff; --text: #1b1f24; --faint: #57606a; --line: #d0d7de;
  --c0: #7d0c06; --c0t: #ffffff; --c1: #9c1c13; --c1t: #ffffff; --c2: #b8332a; --c2t: #ffffff;
  --c3: #fbd0cb; --c3t: #6b0d05; --c4: #fde7e4; --c4t: #6b0d05;
  --unknown: #fff1c2; --unknownt: #5c4300; --apart: #d3efd9; --apartt: #0c4524; --depth2: #eef8ef;
  --declared: #e1ecfb; --declaredt: #123f7a; --home: #f0f1f3; --homet: #4d5560; }
@media (prefers-color-scheme: dark) { :root { --page: #14171b; --text: #e6e8eb; --faint: #a3acb6; --line: #3a424b;
  --c0: #ffb3ab; --c0t: #3b0400; --c1: #ff948a; --c1t: #330300; --c2: #f2776c; --c2t: #260200;
  --c3: #5a1c17; --c3t: #ffd9d5; --c4: #3d1917; --c4t: #ffd9d5;
  --unknown: #4a3a08; --unknownt: #ffe9a8; --apart: #17402a; --apartt: #c6efd2; --depth2: #14291c;
  --declared: #16304f; --declaredt: #c4dcfa; --home: #22272e; --homet: #b4bcc6; } }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0 0 .25rem; } h2 { margin-top: 2.5rem; } h3 { margin: 2rem 0 .25rem; font-size: 1.05rem; }
p, li { overflow-wrap: anywhere; } .faint { color: var(--faint); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; }
caption { text-align: left; color: var(--faint); padding-bottom: .35rem; }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; } th { font-weight: 600; } code { font-size: .9em; overflow-wrap: anywhere; }
.outsider { background: var(--c0); color: var(--c0t); } .replay { background: var(--c1); color: var(--c1t); }
.insider { background: var(--c2); color: var(--c2t); } .stolen-key { background: var(--c3); color: var(--c3t); }
.hostile-issuer { background: var(--c4); color: var(--c4t); }
.unknown { background: var(--unknown); color: var(--unknownt); } .apart { background: var(--apart); color: var(--apartt); }
.declared { background: var(--declared); color: var(--declaredt); } .home { background: var(--home); color: var(--homet); }
.wide td, .wide th { padding: .2rem .35rem; white-space: nowrap; overflow-wrap: normal; font-size: .85rem; }
.wide thead th + th { writing-mode: vertical-rl; }
.depth-1 { background: var(--unknown); color: var(--unknownt); } .depth-2 { background: var(--depth2); color: var(--apartt); }
.graph { width: 100%; max-width: 60rem; height: auto; font-size: 14px; } .graph text { fill: var(--text); }
.graph circle { fill: var(--faint); } .graph line { stroke: var(--c2); stroke-width: 2.5; }
.graph .stronger { stroke: var(--faint); stroke-width: 1; } .graph .undecided { stroke: var(--faint); stroke-width: 1.5; stroke-dasharray: 5 4; }
.verdict { display: inline-block; padding: 0 .6rem; border-radius: .3rem; }
@media print { main { max-width: none; padding: 0; } .scroll { overflow: visible; } }
)";
}

std::string html_code(std::string_view untrusted) {
    return untrusted.empty() ? "" : "<code>" + html_raw(untrusted) + "</code>";
}

std::string html_place(const Location& where) {
    if (where.file.empty()) return "";
    return html_code(where.line ? fmt::format("{}:{}", where.file, where.line) : where.file);
}

std::string html_columns(std::initializer_list<std::string_view> names) {
    std::string out = "<thead><tr>";
    for (const std::string_view name : names) out += fmt::format("<th scope=\"col\">{}</th>", name);
    return out + "</tr></thead>\n";
}

// A policy that could inject markup would still find no script that runs and no address that loads.
std::string html_begin(const HtmlHead& head) {
    return fmt::format("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                       "'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width, "
                       "initial-scale=1\">\n<title>{0}: jwtdomain {1}</title>\n<style>{2}</style>\n</head>\n<body>\n"
                       "<main>\n<h1><span class=\"verdict {3}\">{0}</span> jwtdomain {1}</h1>\n<p>{4}</p>\n"
                       "<p class=\"faint\">{5}</p>\n",
                       head.verdict, head.command, html_style(), head.tone, html_raw(head.headline),
                       html_text(head.standing));
}

std::string_view html_end() { return "</main>\n</body>\n</html>\n"; }

std::string html_findings(const std::vector<Issue>& issues) {
    if (issues.empty()) return "";
    std::string out =
        "<h2>Findings</h2>\n<div class=\"scroll\"><table>\n<caption>Worst first; jwtdomain explain RULE has a "
        "page for each rule</caption>\n" +
        html_columns({"rule", "severity", "what", "where", "what to do"}) + "<tbody>\n";
    for (const Issue& issue : issues)
        out +=
            fmt::format("<tr><th scope=\"row\">{}</th><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        issue.rule, name_of(issue.severity), issue.fails ? ", fails" : "",
                        html_text(issue.accepted.empty() ? issue.message : issue.message + " (" + issue.accepted + ")"),
                        html_place(issue.where), html_text(issue.fix));
    return out + "</tbody>\n</table></div>\n";
}

} // namespace jwtdomain::cli
