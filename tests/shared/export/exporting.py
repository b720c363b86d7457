"""To be killed: `python -m tests.shared.export.exporting DSN FOLDER PAGE` exports and says each page it took."""

import asyncio
import sys
from pathlib import Path

from shared.export.export import export
from shared.export.folder import Selection
from shared.store.database import Database


async def main(dsn: str, to: str, page: str) -> None:
    async for progress in export(Database(dsn), "shop", Path(to), Selection(), int(page), chunk=1):
        print(progress.position, flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
