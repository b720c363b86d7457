"""A Kafka of the demo's own, in a container, for as long as the demo lasts."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_COMPOSE_FILE = Path(__file__).parents[1] / "docker-compose.yml"


class NoBroker(Exception):
    """There is none, and none can be started; the text says what is missing."""


@contextmanager
def boxed_kafka() -> Iterator[str]:
    """Its address. The service `kafka` of docker-compose.yml, beside whatever else runs of it."""
    port = _free_port()
    docker = shutil.which("docker")
    if docker is None:
        raise NoBroker("LUOTSI_KAFKA is not set, and there is no Docker here to start a Kafka with")
    compose = [docker, "compose", "--file", str(_COMPOSE_FILE), "--project-name", f"luotsi-demo-{os.getpid()}"]
    env = {**os.environ, "LUOTSI_KAFKA_PORT": str(port)}
    try:
        started = subprocess.run(
            [*compose, "up", "--wait", "--quiet-pull", "kafka"], env=env, capture_output=True, text=True, check=False
        )
        if started.returncode:
            raise NoBroker(f"LUOTSI_KAFKA is not set, and Docker starts no Kafka: {_last_line(started.stderr)}")
        yield f"localhost:{port}"
    finally:
        subprocess.run([*compose, "down", "--volumes"], env=env, capture_output=True, check=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _last_line(words: str) -> str:
    return (words.strip().splitlines() or ["it does not say why"])[-1]
