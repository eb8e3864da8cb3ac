#ifndef CCURSES_H
#define CCURSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A narrow door to ncursesw and to the system calls that a terminal needs and Swift does not import.
//
// ncurses never writes to the terminal through this door: its output goes to a file in memory, and whoever owns
// the terminal takes the bytes from there. All functions of the first two groups belong to one thread.

// MARK: The screen (screen.c)

enum {
  CCURSES_BOLD = 1,
  CCURSES_DIM = 2,
  CCURSES_UNDERLINE = 4,
  CCURSES_REVERSE = 8,
  CCURSES_ITALIC = 16,
};

/// Opens a screen of a terminal type that reads keys from `input` and draws into `output`; false when the type does
/// not load, cannot address the cursor, or a screen is open already.
bool ccurses_open(const char *type, int32_t input, int32_t output);
/// Frees the screen; nothing is written.
void ccurses_close(void);
/// Switches colours on; false when the terminal has none.
bool ccurses_start_color(void);
/// Colours that the terminal type has, 0 for none.
int32_t ccurses_colors(void);
/// Colour pairs that may be defined, the default pair 0 included.
int32_t ccurses_pairs(void);
/// Gives a pair its colours; -1 is the terminal's own. False when the pair or a colour is out of range.
bool ccurses_define_pair(int32_t pair, int32_t foreground, int32_t background);
/// Forgets every defined pair.
void ccurses_forget_pairs(void);
/// Tells ncurses the size of the terminal.
void ccurses_resize(int32_t rows, int32_t columns);
/// Puts one character with its combining marks on the next frame, in a defined pair.
void ccurses_put(
    int32_t row, int32_t column, const uint32_t *scalars, size_t count, uint32_t attributes, int32_t pair);
/// Empties the next frame and has it drawn from nothing.
void ccurses_erase(void);
/// Has the next frame drawn from nothing.
void ccurses_repaint(void);
/// Places and shows the cursor, or hides it when `row` is negative.
void ccurses_place_cursor(int32_t row, int32_t column);
/// Writes the difference between the terminal and the next frame to the output.
void ccurses_update(void);
/// Columns that the locale gives a character: 0, 1 or 2, and -1 when it cannot be printed.
int32_t ccurses_width(uint32_t scalar);

// MARK: Keys and terminal type (screen.c)

enum {
  CCURSES_KEY_NONE = -1,
  CCURSES_KEY_UP = 0x10000,
  CCURSES_KEY_DOWN,
  CCURSES_KEY_LEFT,
  CCURSES_KEY_RIGHT,
  CCURSES_KEY_HOME,
  CCURSES_KEY_END,
  CCURSES_KEY_PAGE_UP,
  CCURSES_KEY_PAGE_DOWN,
  CCURSES_KEY_ENTER,
  CCURSES_KEY_BACKSPACE,
  CCURSES_KEY_DELETE,
  CCURSES_KEY_BACK_TAB,
  CCURSES_KEY_OTHER,
  CCURSES_KEY_FUNCTION = 0x20000,
};

/// The next key without waiting: a byte, one of the codes above, `CCURSES_KEY_FUNCTION + n`, or none.
int32_t ccurses_read_key(void);
/// Makes a byte sequence mean a key, unless the terminal type gives it a meaning already.
void ccurses_define_key(const char *sequence, int32_t key);
/// A string capability of the terminal type, or null.
const char *ccurses_string(const char *name);
/// Whether the type's colours are red, green and blue values instead of a palette.
bool ccurses_has_direct_color(void);
/// Writes the sequence that makes all `rows` the scroll region; answers its length, 0 when there is none.
size_t ccurses_scroll_region(int32_t rows, char *buffer, size_t capacity);
/// Chooses the locale of characters; false when it is not installed.
bool ccurses_set_locale(const char *name);
/// The name of the locale's character set.
const char *ccurses_codeset(void);

// MARK: The terminal's mode (guard.c)

/// Remembers the mode of a terminal and switches to one key at a time, no echo; false with errno on failure.
bool ccurses_raw_mode(int32_t terminal);
/// Switches to raw mode again after ``ccurses_restore_mode``, keeping what was remembered first.
bool ccurses_resume_raw_mode(int32_t terminal);
/// Gives a terminal the mode back that it had.
void ccurses_restore_mode(int32_t terminal);
/// From here on a crash, an abort, a quit signal or `exit` writes `sequence` and restores the mode.
void ccurses_guard(int32_t terminal, const uint8_t *sequence, size_t count);
/// Ends what ``ccurses_guard`` began; false when it had ended already.
bool ccurses_unguard(void);

// MARK: Descriptors and signals (descriptors.c)

/// A file in memory, or -1 with errno.
int32_t ccurses_memory_file(void);
/// A non-blocking pipe; false with errno on failure.
bool ccurses_pipe(int32_t *source, int32_t *sink);
/// A counter to wake a poll with, or -1 with errno.
int32_t ccurses_event(void);
/// Blocks the terminal's signals in this thread and in those that it starts.
void ccurses_block_signals(void);
/// A descriptor that delivers the terminal's signals, or -1 with errno.
int32_t ccurses_signals(void);
/// The next delivered signal, 0 when there is none.
int32_t ccurses_next_signal(int32_t descriptor);
/// Stops this process as ctrl-z does and returns when it is continued.
void ccurses_stop(void);
/// The size of a terminal; false when it tells none.
bool ccurses_window_size(int32_t terminal, int32_t *columns, int32_t *rows);

#endif
