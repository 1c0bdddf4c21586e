"""What tests are made of: a world of plain objects, texts, pages, servers, and handles on the real parts."""
