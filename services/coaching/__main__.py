"""python -m services.coaching api | relay | worker | run"""

from services.coaching.service import service
from shared.ops.roles import main

main(service)
