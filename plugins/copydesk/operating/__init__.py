"""What an operator does beside the flow: replay, backup, recover, retry, rule, audit, preview."""
