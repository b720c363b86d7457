"""Kafka for tests: an address given, a container, or a native broker on Java 17."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.parts import container
from tests.parts.server import Absent, Server, detached, first_of, free_port, lives, locked
from tests.parts.waiting import wait_until

VERSION = "4.3.1"
IMAGE = f"apache/kafka:{VERSION}"
POM = Path(__file__).with_name("kafka.pom.xml")
HEAP = "-Xms1g -Xmx1g"  # as its own script has it: with half of it, its collector takes most of a core
SETTINGS = {
    "node.id": "1",
    "process.roles": "broker,controller",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "auto.create.topics.enable": "false",
    "group.initial.rebalance.delay.ms": "0",
    "offsets.topic.num.partitions": "4",
    "offsets.topic.replication.factor": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
}


class Kafka(Server, Protocol):
    @property
    def bootstrap(self) -> str: ...
    def kill(self) -> None: ...


@dataclass(frozen=True)
class GivenKafka:
    bootstrap: str

    def stop(self) -> None:
        raise NotImplementedError("a broker given by LUOTSI_TEST_KAFKA is not ours to stop")

    start = kill = stop

    def remove(self) -> None:
        pass


@dataclass(frozen=True)
class BoxedKafka:
    bootstrap: str
    box: container.Box

    def stop(self) -> None:
        self.box.stop()

    def kill(self) -> None:
        self.box.kill()

    def start(self) -> None:
        self.box.start()
        self.wait()

    def wait(self) -> None:
        wait_until(lambda: _answers(self.bootstrap), "Kafka in its container")

    def remove(self) -> None:
        self.box.remove()


@dataclass(frozen=True)
class NativeKafka:
    bootstrap: str
    room: Path
    jars: Path

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def start(self) -> None:
        if self._runs():
            return
        command = ["java", *HEAP.split(), "-cp", f"{self.jars}/*", "kafka.Kafka", str(self._settings)]
        pid = detached(command, self.room / "log")
        self._pid.write_text(str(pid))
        wait_until(lambda: not lives(pid) or _answers(self.bootstrap), "the native Kafka")
        if not lives(pid):
            raise RuntimeError(f"Kafka ended at once: {(self.room / 'log').read_text()[-2000:]}")

    def format(self) -> None:
        tool = ["java", "-cp", f"{self.jars}/*", "kafka.tools.StorageTool", "format"]
        words = ["--cluster-id", "bHVvdHNpLXRlc3QtcnVuMA", "--config", str(self._settings)]
        subprocess.run([*tool, *words], check=True, stdout=subprocess.DEVNULL)

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.room)

    @property
    def _settings(self) -> Path:
        return self.room / "server.properties"

    @property
    def _pid(self) -> Path:
        return self.room / "pid"

    def _runs(self) -> bool:
        return self._pid.exists() and lives(int(self._pid.read_text()))

    def _end(self, how: signal.Signals) -> None:
        if self._runs():
            os.kill(int(self._pid.read_text()), how)
        wait_until(lambda: not self._runs(), "the end of the native Kafka")


def given(_: Path) -> Kafka:
    if bootstrap := os.environ.get("LUOTSI_TEST_KAFKA"):
        return GivenKafka(bootstrap)
    raise Absent("LUOTSI_TEST_KAFKA is not set")


def boxed(_: Path) -> Kafka:
    host, port, controller = container.host(), free_port(), free_port()
    settings = SETTINGS | {
        "listeners": f"PLAINTEXT://:{port},CONTROLLER://:{controller}",
        "advertised.listeners": f"PLAINTEXT://{host}:{port}",
        "controller.quorum.voters": f"1@localhost:{controller}",
    }
    env = {f"KAFKA_{name.upper().replace('.', '_')}": value for name, value in settings.items()}
    box = container.run(IMAGE, port, env | {"KAFKA_HEAP_OPTS": HEAP})
    server = BoxedKafka(f"{host}:{port}", box)
    server.wait()
    return server


def native(room: Path) -> Kafka:
    jars = _jars()
    own = Path(tempfile.mkdtemp(prefix="kafka-", dir=room))
    port, controller = free_port(), free_port()
    settings = SETTINGS | {
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.quorum.voters": f"1@127.0.0.1:{controller}",
        "log.dirs": str(own / "data"),
    }
    (own / "server.properties").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    server = NativeKafka(f"127.0.0.1:{port}", own, jars)
    server.format()
    server.start()
    return server


def provide(room: Path) -> Kafka:
    return first_of((given, boxed, native), room)


def provide_own(room: Path) -> Kafka:
    return first_of((boxed, native), room)


def _jars() -> Path:
    if not shutil.which("java") or not shutil.which("mvn"):
        raise Absent("no Java and Maven for a native broker")
    jars = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"luotsi/kafka-{VERSION}"
    jars.parent.mkdir(parents=True, exist_ok=True)
    with locked(jars.with_suffix(".lock")):
        if not jars.exists():
            _fetch(jars)
    return jars


def _fetch(jars: Path) -> None:
    part = Path(tempfile.mkdtemp(dir=jars.parent))
    goal = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
    if subprocess.run(["mvn", "-B", "-q", "-f", POM, f"-Dkafka.version={VERSION}", *goal], check=False).returncode:
        raise Absent("Maven could not fetch the broker's jars")
    part.rename(jars)


def _answers(bootstrap: str) -> bool:
    """Whether a broker counts itself in. Asked by hand: clients leave sockets behind when nobody answers."""
    host, port = bootstrap.rsplit(":", 1)
    metadata_v0 = struct.pack(">hhihi", 3, 0, 1, -1, 0)
    try:
        with socket.create_connection((host, int(port)), timeout=2) as wire:
            wire.sendall(struct.pack(">i", len(metadata_v0)) + metadata_v0)
            answer = wire.recv(12, socket.MSG_WAITALL)
    except OSError:
        return False
    return len(answer) == 12 and struct.unpack(">iii", answer)[2] > 0
