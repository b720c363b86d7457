"""What other people build against: schemas of facts, AsyncAPI, OpenAPI, the event map, and the gate before a change."""
