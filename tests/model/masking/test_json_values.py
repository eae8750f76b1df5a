"""Secrets in JSON are masked by key at every depth, including plans embedded as text; nothing else changes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hottui.model.answer import read_answer
from hottui.model.json_text import Json
from hottui.model.masking import MASK, looks_secret, mask_answer, mask_json, mask_text, mask_value
from hottui.model.masking.keys import _ANYWHERE, _PAIRS, _WORDS, HINTS
from tests.model.answers import VENDOR_PAGE, body, encoded, plan_of, with_conf, with_plan
from tests.model.json_values import any_json

SECRET_KEYS = [
    "password",
    "PASSWORD",
    "s3.password",
    "db-passwd",
    "passphrase",
    "pwd",
    "client_secret",
    "clientSecret",
    "token",
    "securityToken",
    "x-acs-security-token",
    "access.key",
    "accessKeyId",
    "fs.oss.accessKeySecret",
    "ACCESS KEY",
    "access-key-id",
    "private_key",
    "api-key",
    "apikey",
    "credential",
    "credentials",
    "properties.sasl.jaas.config",
    "fs.azure.account.key.store1.blob.core.windows.net",
    "basic-auth",
    "http-headers",
    "Authorization",
    "token.refresh.secret",
    "İpassword",
    *("pass", "userpass", "DB_PASS", "passWord", "MYSQL_PWD", "密码", "用户密码", "口令", "contraseña", "пароль"),
    *("fs.s3a.encryption.key", "fs.s3a.server-side-encryption.key", "AccountKey", "rsaPrivateKey", "OSSAccessKeyId"),
    *("sig", "Signature", "SharedAccessSignature", "X-Amz-Credential", "fs.azure.sas.token", "x-api-key", "Cookie"),
    *("Set-Cookie", "jwt", "dingtalk.webhook", "sasl.jaas.config", "sk", "connectionString"),
]
PLAIN_KEYS = [
    "parallelism",
    "test",
    "",
    "key",
    "state.backend",
    "keyed.state",
    "bypass",
    "monkey",
    "primary.key",
    "security.delegation.tokens.renewal.retry.backoff",
    "token.lifetime",
    "security.ssl.keystore-password.file",
    "credentials.path",
    "execution.checkpointing.interval",
    "author",
    *("key.fields", "key.format", "primary-key", "state.backend.type", "sink.partitioner", "message.key", "publicKey"),
    *(
        "keyspace",
        "keyboard",
        "tokenizer.name",
        "max_tokens",
        "compass",
        "multi-pass",
        "pass-through",
        "signal",
        "design",
    ),
    *("fs.s3a.aws.credentials.provider", "sasl.oauthbearer.token.endpoint.url", "passwordFile", "authority", "assign"),
    "sigma",
]


@pytest.mark.parametrize("key", SECRET_KEYS)
def test_keys_of_secrets(key: str) -> None:
    assert looks_secret(key)
    assert looks_secret("x" * 500 + "." + key)


def test_every_secret_word_contains_a_hint() -> None:
    words = (*_ANYWHERE, *_WORDS, *("".join(pair) for pair in _PAIRS))
    assert [word for word in words if not any(hint in word for hint in HINTS)] == []


def test_only_auth_alone_marks_a_secret() -> None:
    assert looks_secret("auth")
    assert looks_secret("_auth")
    assert not looks_secret("hadoop.auth.simple")


@pytest.mark.parametrize("key", PLAIN_KEYS)
def test_keys_of_ordinary_settings(key: str) -> None:
    assert not looks_secret(key)


@pytest.mark.parametrize("value", ["geheim", 1234, 0, 1.5, True, False, ["geheim"], {"a": "geheim"}, " "])
def test_any_value_of_a_secret_key_is_masked(value: Any) -> None:
    assert mask_value("password", value) == MASK
    assert mask_json({"a": [{"b": {"password": value}}]}) == {"a": [{"b": {"password": MASK}}]}


@pytest.mark.parametrize("value", [None, "", [], {}])
def test_empty_values_are_not_masked(value: Any) -> None:
    assert mask_value("password", value) == value


def test_secrets_below_ordinary_keys_are_masked() -> None:
    assert mask_value("conf", {"a": "b", "token": "t"}) == {"a": "b", "token": MASK}
    assert mask_value("url", "jdbc:mysql://root:geheim@db:3306/x") == f"jdbc:mysql://root:{MASK}@db:3306/x"


def test_a_conf_as_a_list_of_entries_is_masked() -> None:
    entries: list[Json] = [
        {"key": "s3.password", "value": 7},
        {"key": "a", "value": "b"},
        {"name": "token", "value": "t"},
    ]
    assert mask_json(entries) == [
        {"key": "s3.password", "value": MASK},
        {"key": "a", "value": "b"},
        {"name": "token", "value": MASK},
    ]


def secret_answer(raw_plan: Any) -> str:
    data = with_conf({"fs.oss.accessKeySecret": "geheim1", "plain": "p", "n": 1.5}, {"db.password": "geheim2"})
    streaming = with_plan(raw_plan)["targetResourceSetting"]
    return body(
        data | {"jobId": "j", "targetResourceSetting": data["targetResourceSetting"] | streaming}, token="geheim3"
    )


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_masking_an_answer_changes_only_secrets(layers: int) -> None:
    plan = plan_of(2, desc="Sink: t['connector' = 'jdbc', 'password' = 'geheim4', 'url' = 'jdbc:x://u:geheim5@h/d']")
    plan["nodes"][0]["options"] = {"api-key": "geheim6", "deep": [{"secret": 6}]}
    text = secret_answer(encoded(plan, layers))
    masked = mask_answer(text)
    assert "geheim" not in masked
    wanted = json.loads(text)
    wanted["token"] = MASK
    target = wanted["data"]["targetResourceSetting"]
    target["flinkConf"]["fs.oss.accessKeySecret"] = MASK
    wanted["data"]["hotUpdateParams"]["updateJobConfigParam"]["newFlinkConf"]["db.password"] = MASK
    for node in plan["nodes"]:
        node["desc"] = f"Sink: t['connector' = 'jdbc', 'password' = '{MASK}', 'url' = 'jdbc:x://u:{MASK}@h/d']"
    plan["nodes"][0]["options"] = {"api-key": MASK, "deep": [{"secret": MASK}]}
    got = json.loads(masked)
    raw = got["data"]["targetResourceSetting"]["streamingResourceSetting"]["expertResourceSetting"].pop("resourcePlan")
    del target["streamingResourceSetting"]["expertResourceSetting"]["resourcePlan"]
    assert got == wanted
    assert isinstance(raw, str) == (layers > 0)
    assert isinstance(raw, dict) or raw.startswith('{"' if layers == 1 else '{\\"')
    reading = read_answer(masked).plan
    assert (reading.error, reading.document) == ("", plan)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    "description",
    [
        "'password' = 'geheim'",
        '"password" = "geheim"',
        "password=geheim",
        "password=geheim\\",
        "password=geheim\\\\",
        'password="gehe\\"im"',
        "'password' = 'ge''heim'",
        "'password' = 'geheim",
        "password: geheim\nnext",
        "{password=geheim, user=u}",
        '{"password":"geheim"}',
        '{\\"password\\":\\"geheim\\"}',
        '[{"password":["geheim"]}]',
        "p\\u0061ssword=x, password=geheim",
    ],
)
def test_a_masked_plan_can_be_decoded(description: str, layers: int) -> None:
    masked = mask_answer(secret_answer(encoded(plan_of(2, desc=description), layers)))
    reading = read_answer(masked).plan
    assert reading.plan is not None, reading.error
    assert "heim" not in masked
    assert "geheim" not in reading.plan.nodes[0].desc
    assert reading.plan.nodes[0].profile.parallelism == 4


def test_escaped_keys_are_recognized() -> None:
    text = body({"p\\u0061ssword": "geheim"}).replace("\\\\u", "\\u")
    assert "p\\u0061ssword" in text
    assert "geheim" not in mask_answer(text)
    inner = '{"nodes":[{"id":1,"t\\u006fken":"geheim"}]}'
    assert "geheim" not in mask_answer(body(with_plan(inner)))


@pytest.mark.parametrize("levels", [40, 50, 60, 70, 80, 90, 98])
def test_deeply_embedded_json_does_not_exceed_the_recursion_limit(levels: int) -> None:
    value: Any = {"password": "geheim", "user": "u"}
    for _ in range(7):
        for _ in range(levels):
            value = [value]
        value = json.dumps(value)
    masked = mask_answer(body({"deep": value}))
    assert "geheim" not in masked
    assert read_answer(masked).envelope.success


def test_both_values_of_a_repeated_key_are_masked() -> None:
    assert "geheim" not in mask_answer('{"success":true,"password":"geheim","password":null}')


def test_both_values_of_a_repeated_key_in_embedded_json_are_masked() -> None:
    inner = '{"n":1,"password":"geheim","password":null}'
    for text in (inner, f" {inner}", json.dumps(inner), json.dumps(inner)[1:-1]):
        assert "geheim" not in mask_answer(json.dumps({"plan": text}))


def test_embedded_json_without_secrets_is_unchanged() -> None:
    for text in (" {}", '{ "a": 1.50 }', '"[1, 2]"', '{\\"a\\": 1}', '[\n"key.format"]'):
        answer = json.dumps({"plan": text})
        assert mask_answer(answer) == answer


def test_an_answer_without_secrets_is_unchanged() -> None:
    assert mask_answer(VENDOR_PAGE) == VENDOR_PAGE
    pretty = json.dumps(json.loads(body({"jobId": "订单", "n": 1.50})), indent=3, ensure_ascii=False)
    assert mask_answer(pretty) == pretty


def test_invalid_json_is_masked_as_text() -> None:
    cut = secret_answer(encoded(plan_of(1, desc="'password' = 'geheim'"), 2))[:-30]
    assert "geheim" not in mask_answer(cut)
    assert mask_answer("<html>token=geheim</html>").startswith("<html>token=" + MASK)


def test_lone_surrogates_are_replaced() -> None:
    mask_answer('{"success":true,"a":"\ud800"}').encode()
    mask_answer('{"success":true,"token":"x","a":"\\ud800"}').encode()


def without_secrets(value: Any) -> Any:
    """A simple reference implementation of what masking may change in JSON."""
    if isinstance(value, dict):
        return {
            k: MASK if looks_secret(k) and v not in (None, "", [], {}) else without_secrets(v) for k, v in value.items()
        }
    if isinstance(value, list):
        return [without_secrets(part) for part in value]
    return value


secret_keys = st.sampled_from(["password", "a.token", "accessKey", "name", "parallelism", "订单"])


@given(any_json(keys=secret_keys | st.text(max_size=5), texts=st.text(st.sampled_from('ab{}[]"\\ 订\n'))))
def test_masking_changes_only_values_of_secret_keys(value: Any) -> None:
    text = json.dumps(value)
    masked = mask_answer(text)
    assert json.loads(masked) == without_secrets(value)
    assert mask_answer(masked) == masked


@given(any_json(keys=secret_keys), st.sampled_from([1, 2]))
def test_masked_embedded_json_is_valid(value: Any, layers: int) -> None:
    inner = {"nodes": value, "password": "geheim"}
    masked = mask_answer(json.dumps({"plan": encoded(inner, layers)}))
    text = json.loads(masked)["plan"]
    decoded = json.loads(text if layers == 1 else json.loads(f'"{text}"'))
    assert decoded == without_secrets(inner)


@given(any_json())
def test_masked_json_is_valid(value: Any) -> None:
    masked = json.loads(mask_answer(json.dumps(value)))
    assert type(masked) is type(value)
    assert mask_json(masked) == masked


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_masked(text: str) -> None:
    mask_answer(text).encode()
    assert mask_text(mask_text(text)) == mask_text(text)


@given(any_json(keys=st.sampled_from([*SECRET_KEYS[:5], "name", "value", "option"])))
def test_a_value_without_secrets_stays_the_same_object(value: Any) -> None:
    masked = mask_json(value)
    assert (masked is value) == (masked == value)
    assert mask_json(masked) is masked
