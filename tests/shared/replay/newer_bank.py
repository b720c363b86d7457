"""`python -m tests.shared.replay.newer_bank ROLE`: the next image of the bank, which folds its accounts anew."""

from dataclasses import replace

from shared.ops.roles import main
from tests.shared.web.bank import account_lines, bank, roster

newer = replace(bank, read_models=[roster, replace(account_lines, version=2)])

if __name__ == "__main__":
    main(newer)
