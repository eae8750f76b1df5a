"""The program on real terminals: ptys, signals, lost connections, locales."""
