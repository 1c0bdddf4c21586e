"""Articles to alerts to messages: match, ring once a story, deliver until it is heard."""
