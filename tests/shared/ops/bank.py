"""`python -m tests.shared.ops.bank ROLE`: the bank as a process, as a service's own __main__ would start it."""

from shared.ops.roles import main
from tests.shared.web.bank import bank

if __name__ == "__main__":
    main(bank)
