"""python -m services.onboarding api | relay | worker | run"""

from services.onboarding.service import service
from shared.ops.roles import main

main(service)
