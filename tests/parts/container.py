"""A container that tests may stop and start; its port on the host stays the same."""

import os
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import DockerException
from docker.models.containers import Container
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.docker_client import DockerClient

from tests.parts.server import Absent

testcontainers_config.ryuk_disabled = True  # the keeper takes down what it started, and needs no image for it


def host() -> str:
    """The name under which published ports are reached; Absent where no Docker engine answers."""
    try:
        client = DockerClient()
        client.client.ping()
    except DockerException as error:
        raise Absent(f"no Docker engine ({str(error).splitlines()[0]})") from error
    name = client.host()
    client.client.close()
    return "127.0.0.1" if name == "localhost" else name


@dataclass(frozen=True)
class Box:
    id: str

    def _container(self) -> Container:
        return docker.from_env().containers.get(self.id)

    def stop(self) -> None:
        self._container().stop(timeout=30)

    def kill(self) -> None:
        self._container().kill()

    def start(self) -> None:
        self._container().start()

    def remove(self) -> None:
        self._container().remove(force=True, v=True)

    def succeeds(self, *command: str) -> bool:
        return self._container().exec_run(list(command)).exit_code == 0

    def log(self) -> str:
        return self._container().logs().decode(errors="replace")


def _near(client: docker.DockerClient) -> bool:
    """Whether the engine runs on this machine's own kernel: not in a virtual machine, and not elsewhere."""
    return bool(client.info()["KernelVersion"] == os.uname().release)


def run(image: str, port: int, env: dict[str, str], **options: Any) -> Box:
    """A server that listens on `port`, inside as outside. Where it can it uses the network of the machine: the engine's
    proxy copies every byte, for a fifth of a core at full load.
    """
    try:
        if _near(docker.from_env()):
            container = DockerContainer(image, env=env, network_mode="host", **options)
        else:
            container = DockerContainer(image, env=env, **options).with_bind_ports(port, port)
        container.start()
    except DockerException as error:
        raise Absent(f"no image {image} ({error})") from error
    return Box(container.get_container_id())
