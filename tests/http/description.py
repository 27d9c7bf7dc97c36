"""docs/openapi.json, and what it says of an answer."""

import copy
import json
import re
from pathlib import Path
from urllib.parse import quote

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
METHODS = ("get", "post", "delete", "put", "patch")
# What a statement returned may have more members than are named; everything else has no other.
OPEN_SCHEMAS = {"StatementResult"}


class Description:
    def __init__(self):
        self.all = json.loads((ROOT / "docs/openapi.json").read_text())
        self.exact = copy.deepcopy(self.all)
        for name, schema in self.exact["components"]["schemas"].items():
            if name not in OPEN_SCHEMAS:
                schema["additionalProperties"] = False

    def operations(self):
        """Each as (method, path)."""
        return [(method.upper(), path) for path, item in self.all["paths"].items() for method in item if method in METHODS]

    def operation(self, method, path):
        return self.exact["paths"][path][method.lower()]

    def resolve(self, node):
        while "$ref" in node:
            found = self.exact
            for word in node["$ref"].removeprefix("#/").split("/"):
                found = found[word]
            node = found
        return node

    def wrong(self, schema, value):
        """What the schema says against the value."""
        whole = {"components": self.exact["components"], "allOf": [schema]}
        return [f"{'/'.join(map(str, each.absolute_path))}: {each.message}" for each in Draft202012Validator(whole).iter_errors(value)]

    def response(self, method, path, status):
        """The description of a status, and whether it is the one for HTTP's own refusals."""
        answers = self.operation(method, path)["responses"]
        named = answers.get(str(status))
        return self.resolve(named or answers["default"]), named is None

    def codes(self):
        """Every code of a problem that is named anywhere."""
        text = json.dumps([self.all["paths"], self.all["components"]["responses"]])
        return {code for listed in re.findall(r'"code": \{"enum": (\[[^\]]*\])\}', text) for code in json.loads(listed)}

    def references(self):
        return set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(self.all)))


class Caller:
    """Makes calls, and holds each answer against the description."""

    def __init__(self, description):
        self.description, self.wrong, self.answered = description, [], {}

    def call(self, node, method, path, status, code=None, body=None, headers=None, query="", parameters=None, raw_path=None):
        """The answer's body, once it is what was wanted and what is described."""
        target = raw_path or re.sub(r"\{(\w+)\}", lambda name: quote(parameters[name[1]], safe=""), path) + query
        got, fields, text = self._ask(node, method, target, body, headers or {})
        where = f"{method} {target} -> {got}"
        parsed = self._hold(where, method, path, got, fields, text)
        found = parsed.get("code") if isinstance(parsed, dict) else None
        if got != status or (code and found != code):
            self.wrong.append(f"{where} {found or ''}: wanted {status} {code or ''}: {text[:300]}")
        self.answered.setdefault((method, path), set()).add(got)
        return parsed

    def _ask(self, node, method, target, body, headers):
        connection = node.connect(timeout=20)
        try:
            if body is not None and not isinstance(body, (str, bytes)):
                body, headers = json.dumps(body), {"Content-Type": "application/json", **headers}
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            if answer.headers.get_content_type() == "text/event-stream":
                text = answer.fp.readline().decode() + answer.fp.readline().decode() + answer.fp.readline().decode()
            else:
                text = answer.read().decode()
            return answer.status, answer.headers, text
        finally:
            connection.close()

    def _hold(self, where, method, path, status, fields, text):
        described, general = self.description.response(method, path, status)
        kind = fields.get_content_type()
        if kind not in described["content"]:
            self.wrong.append(f"{where}: {kind} is not described" + (", the status neither" if general else ""))
            return text
        value = json.loads(text) if kind.endswith("json") else text
        for said in self.description.wrong(described["content"][kind]["schema"], value):
            self.wrong.append(f"{where}: {said}")
        for name, header in described.get("headers", {}).items():
            found = fields.get(name)
            shown = int(found) if found and header["schema"].get("type") == "integer" else found
            if shown is None or self.description.wrong(header["schema"], shown):
                self.wrong.append(f"{where}: header {name} is {found!r}")
        if isinstance(value, dict) and kind == "application/problem+json" and value["status"] != status:
            self.wrong.append(f"{where}: the problem says {value['status']}")
        return value
