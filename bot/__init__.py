"""Messages in, messages out; not one word about jewellery."""
