"""Topics of the test broker: made, changed, written to by strangers and read to the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from kafka import OffsetAndMetadata as Offset
from kafka import TopicPartition as KafkaPlace
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient

from shared.feed.cloudevents import Record

LARGE = str(2 * 1024 * 1024)
FOR_EVER = str(2**63 - 1)


@dataclass(frozen=True)
class Topic:
    bootstrap: str
    name: str

    @contextmanager
    def _admin(self) -> Iterator[Any]:
        admin = KafkaAdminClient(bootstrap_servers=self.bootstrap)
        try:
            yield admin
        finally:
            admin.close()

    def create(self, partitions: int, **config: str) -> "Topic":
        configs = {"retention.ms": "-1", "max.message.bytes": LARGE, "message.timestamp.after.max.ms": FOR_EVER} | {
            name.replace("_", "."): value for name, value in config.items()
        }
        wanted = {"num_partitions": partitions, "replication_factor": 1, "configs": configs}
        with self._admin() as admin:
            admin.create_topics({self.name: wanted}, wait_for_metadata=True)
        return self

    def delete(self) -> None:
        with self._admin() as admin:
            admin.delete_topics([self.name])
            while self.name in admin.list_topics():
                pass

    def grow(self, partitions: int) -> None:
        with self._admin() as admin:
            admin.create_partitions({self.name: partitions})

    def configure(self, **config: str) -> None:
        configs = {name.replace("_", "."): value for name, value in config.items()}
        with self._admin() as admin:
            admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, self.name, configs)])

    def exists(self) -> bool:
        with self._admin() as admin:
            return self.name in admin.list_topics()

    def partitions(self) -> int:
        with self._admin() as admin:
            return len(admin.describe_topics([self.name])[0]["partitions"])

    def committed(self, group: str) -> int:
        """Up to how many of its records, of all partitions together, the group has said that it is done with them."""
        with self._admin() as admin:
            return sum(max(each.offset, 0) for each in admin.list_group_offsets({group: None})[group].values())

    def commit(self, group: str, offsets: Mapping[int, int]) -> None:
        """As an operator would, and another service: nothing stands beside the offsets."""
        places = {KafkaPlace(self.name, partition): Offset(at, "", -1) for partition, at in offsets.items()}
        with self._admin() as admin:
            admin.alter_group_offsets(group, places)

    async def write(self, records: Sequence[tuple[int, Record | Mapping[str, Any]]]) -> None:
        """As somebody would who may but should not: any key, value and headers, to the partition given with each."""
        producer = AIOKafkaProducer(bootstrap_servers=self.bootstrap, max_request_size=4 * 1024 * 1024)
        await producer.start()
        try:
            for partition, record in records:
                fields = record._asdict() if isinstance(record, Record) else dict(record)
                fields["timestamp_ms"] = fields.pop("timestamp", None)
                await producer.send_and_wait(self.name, partition=partition, **fields)
        finally:
            await producer.stop()

    async def records(self) -> dict[int, list[ConsumerRecord]]:
        """All there is on each partition."""
        consumer = AIOKafkaConsumer(bootstrap_servers=self.bootstrap, max_partition_fetch_bytes=4 * 1024 * 1024)
        await consumer.start()
        try:
            places = [TopicPartition(self.name, number) for number in range(self.partitions())]
            consumer.assign(places)
            ends = await consumer.end_offsets(places)
            for place in places:
                consumer.seek(place, 0)
            found: dict[int, list[ConsumerRecord]] = {place.partition: [] for place in places}
            while any([await consumer.position(place) < end for place, end in ends.items()]):
                for place, records in (await consumer.getmany(timeout_ms=200)).items():
                    found[place.partition] += records
            return found
        finally:
            await consumer.stop()
