//! Pure screen state: workbench, compositor, panes, layers, widgets, theme. No I/O, no clock.
