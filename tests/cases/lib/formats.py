# SPDX-License-Identifier: Apache-2.0
"""Do the reports of one run agree, and is each one well-formed?

    formats.py JSON SARIF JUNIT MARKDOWN

Prints "agree: N findings". The findings are compared by rule, subject and verdict.
"""

import collections
import json
import re
import sys
import xml.etree.ElementTree as xml

LEVELS = {"ok": "note", "risk": "warning", "break": "error"}
ORDER = ["ok", "risk", "break"]


def need(condition, text):
    if not condition:
        sys.exit(f"formats.py: {text}")


def from_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def check_uri(location, bases):
    artifact = location["physicalLocation"]["artifactLocation"]
    uri = artifact["uri"]
    need(re.fullmatch(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", uri), f"not a URI: {uri}")
    if "uriBaseId" in artifact:
        need(artifact["uriBaseId"] in bases, f"an unknown base: {artifact}")
        need(not uri.startswith(("/", "file:")), f"not relative to its base: {uri}")


def check_sarif(report, sarif):
    """What the standard requires of the members that are used."""
    need(sarif["version"] == "2.1.0" and len(sarif["runs"]) == 1, "no SARIF 2.1.0 of one run")
    run = sarif["runs"][0]
    driver = run["tool"]["driver"]
    rules = driver["rules"]
    need(driver["name"] == "abifit" and len({r["id"] for r in rules}) == len(rules), "rules repeat")
    for rule in rules:
        need(rule["shortDescription"]["text"] and rule["help"]["text"], f"{rule['id']}: no text")
    bases = run.get("originalUriBaseIds", {})
    for base in bases.values():
        need(base["uri"].startswith("file:///") and base["uri"].endswith("/"), f"a bad base: {base}")
    found = collections.Counter()
    for result in run["results"]:
        need(rules[result["ruleIndex"]]["id"] == result["ruleId"], "ruleIndex names another rule")
        properties = result["properties"]
        worst = max(properties["binary"], properties.get("source", "ok"), key=ORDER.index)
        need(result["level"] == LEVELS[worst], f"{result['ruleId']}: level {result['level']}")
        need(result["message"]["text"] and result["locations"], f"{result['ruleId']}: no message or place")
        for location in result["locations"]:
            check_uri(location, bases)
        found[result["ruleId"], properties["subject"], properties["binary"]] += 1
    notices = run["invocations"][0]["toolExecutionNotifications"]
    need(len(notices) == len(report["unchecked"]), "not every unchecked entry is a notification")
    readable = all(i["error"] is None for i in report["inputs"])
    need(run["invocations"][0]["executionSuccessful"] == readable, "executionSuccessful is wrong")
    return found


def check_junit(report, path):
    suite = xml.parse(path).getroot().find("testsuite")
    cases = suite.findall("testcase")
    failures = [c for c in cases if c.find("failure") is not None]
    errors = [c for c in cases if c.find("error") is not None]
    need(int(suite.get("tests")) == len(cases) == len(report["inputs"]) + len(report.get("programs", [])),
         "tests are not the inputs and the programs")
    need(int(suite.get("failures")) == len(failures), "failures are not counted right")
    need(int(suite.get("errors")) == len(errors) ==
         sum(i["error"] is not None for i in report["inputs"]), "errors are not the unreadable inputs")
    broken = sum(i["verdict"] is not None and i["verdict"]["binary"] == "break" for i in report["inputs"])
    broken += sum(p["verdict"] == "break" for p in report.get("programs", []))
    need(len(failures) == broken, f"{len(failures)} failures, {broken} breaks")
    found = collections.Counter()
    for case in cases:
        if case.get("classname") == "abifit.diff.program":
            continue        # what is said there are reasons, not findings
        for line in "".join(case.itertext()).splitlines():
            match = re.fullmatch(r"(ok|risk|break): .*\[([a-z0-9-]+/[a-z0-9-]+)\]", line.strip())
            if match:
                found[match.group(2), match.group(1)] += 1
    return found


def check_markdown(path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    need(text.startswith("### abifit "), "no heading")
    outside = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    tags = set(re.findall(r"<[^>]*>", outside))
    need(tags <= {"<details>", "</details>", "<summary>", "</summary>", "<br>"}, f"other markup: {tags}")
    need(outside.count("<details>") == outside.count("</details>"), "details that do not end")
    need(not re.search(r"[@\\*_\[\]~]|www\.|://", re.sub(r"^(### |Effect: |Fix: ).*$", "", outside.replace("**", ""), flags=re.M)),
         f"markup outside of code: {outside}")
    found = collections.Counter()
    for verdict, rule, count in re.findall(r"^\*\*(note|risk|break)\*\*: .*\(`([^`]+)`(?:, (\d+) times)?\)$",
                                           text, re.M):
        found[rule, "ok" if verdict == "note" else verdict] += int(count or 1)
    return found


def main():
    report, sarif = from_json(sys.argv[1]), from_json(sys.argv[2])
    wanted = collections.Counter((f["rule"], f["subject"], f["verdict"]["binary"]) for f in report["findings"])
    plain = collections.Counter()
    for (rule, _, verdict), count in wanted.items():
        plain[rule, verdict] += count
    need(check_sarif(report, sarif) == wanted, "SARIF has other findings")
    inputs = {i["path"] for i in report["inputs"] if i["error"] is not None}
    told = collections.Counter()
    for finding in report["findings"]:
        if finding["input"] not in inputs:
            told[finding["rule"], finding["verdict"]["binary"]] += 1
    junit = check_junit(report, sys.argv[3])
    need(junit == told, f"JUnit has other findings: {junit} instead of {told}")
    markdown = check_markdown(sys.argv[4])
    need(markdown == plain, f"Markdown has other findings: {markdown} instead of {plain}")
    print(f"agree: {sum(wanted.values())} findings")


main()
