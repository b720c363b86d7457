"""Settings are right, or the process says which variable is not, and does not start."""

from pathlib import Path

import pytest

from shared.ops.settings import SettingsWrong, load
from tests.shared.ops.commanding import luotsi


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DSN", "MIGRATE_DSN", "KAFKA", "HTTP_PORT", "TOKEN_SECRET", "SETTINGS"):
        monkeypatch.delenv(f"LUOTSI_{name}", raising=False)


@pytest.mark.parametrize(
    ("name", "meant"), [("KAKFA", "KAFKA"), ("TOKEN_SECERT", "TOKEN_SECRET"), ("HTTP_PROT", "HTTP_PORT")]
)
def test_a_misspelt_variable_is_told(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    monkeypatch.setenv(f"LUOTSI_{name}", "anything")
    with pytest.raises(SettingsWrong, match=f"LUOTSI_{name}: .* is LUOTSI_{meant} meant"):
        load()


@pytest.mark.parametrize("name", ["KAFKA_PORT", "POSTGRES_PORT", "ONBOARDING_PORT", "SERVICE_PASSWORD", "BENCH_LONG"])
def test_other_variables_of_the_platform_are_let_be(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"LUOTSI_{name}", "anything")
    load()


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LUOTSI_HTTP_PORT", "99999", "less than or equal to 65535"),
        ("LUOTSI_HTTP_PORT", "many", "valid integer"),
        ("LUOTSI_DSN", "mysql://somewhere/db", "postgresql://"),
        ("LUOTSI_KAFKA", "broker", "host:9092"),
        ("LUOTSI_TOKEN_SECRET", "short", "32 bytes"),
        ("LUOTSI_TIME_ZONE", "Europe/Atlantis", "IANA"),
        ("LUOTSI_PARTITIONS", "0", "greater than or equal to 1"),
        ("LUOTSI_LOG_LEVEL", "loud", "'debug', 'info'"),
        ("LUOTSI_CLOCK", "broken", "'system' or 'movable'"),
        ("LUOTSI_MIGRATE_DSN", "postgresql://h/db", "LUOTSI_DSN"),
    ],
)
def test_an_error_names_the_variable_and_the_rule(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, words: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsWrong) as wrong:
        load()
    assert name in str(wrong.value)
    assert words in str(wrong.value)


def test_all_errors_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_HTTP_PORT", "-1")
    monkeypatch.setenv("LUOTSI_POOL", "1000")
    with pytest.raises(SettingsWrong) as wrong:
        load()
    assert len(str(wrong.value).splitlines()) == 2


def test_a_secret_stands_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_TOKEN_SECRET", "hush")
    with pytest.raises(SettingsWrong) as wrong:
        load()
    assert "hush" not in str(wrong.value)


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "luotsi.toml").write_text('http_port = 1234\nhttp_host = "0.0.0.0"\n')
    monkeypatch.setenv("LUOTSI_HTTP_PORT", "4321")
    settings = load()
    assert (settings.http_port, settings.http_host) == (4321, "0.0.0.0")


def test_the_command_line_wins_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_HTTP_PORT", "4321")
    assert load(http_port=5000).http_port == 5000


def test_a_name_in_the_file_that_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "luotsi.toml").write_text("http_prot = 1234\n")
    with pytest.raises(SettingsWrong, match=r"http_prot in luotsi\.toml.*no such setting"):
        load()


def test_a_file_that_is_no_toml(tmp_path: Path) -> None:
    (tmp_path / "luotsi.toml").write_text("http_port: 1234")
    with pytest.raises(SettingsWrong, match=r"luotsi\.toml"):
        load()


def test_a_named_file_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_SETTINGS", "elsewhere.toml")
    with pytest.raises(SettingsWrong, match=r"LUOTSI_SETTINGS.*elsewhere\.toml"):
        load()


def test_one_address_serves_all_services(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LUOTSI_DSN", "postgresql://{service}:pw@db/{service}")
    monkeypatch.setenv("LUOTSI_MIGRATE_DSN", "postgresql://owner:pw@db/{service}")
    settings = load()
    assert settings.dsn_of("parts") == "postgresql://parts:pw@db/parts"
    assert settings.migrate_dsn_of("parts") == "postgresql://owner:pw@db/parts"


def test_the_command_line_says_it_on_stderr_and_exits_with_2() -> None:
    ran = luotsi("status", partitions="none")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "LUOTSI_PARTITIONS" in ran.stderr
