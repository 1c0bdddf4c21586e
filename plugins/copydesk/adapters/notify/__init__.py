"""The Notifier: messages leave by the log, HTTP, SMTP and files."""
