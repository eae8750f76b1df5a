"""The tabs of the detail pane; a text tab is a pure function from a `DetailContext` to lines."""
