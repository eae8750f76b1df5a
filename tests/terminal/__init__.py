"""The program in front of real terminals: processes under ptys, signals, lost links, locales."""
