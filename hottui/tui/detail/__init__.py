"""The panes of the detail: each a pure function from what is known of one hot update to lines."""
