#define _GNU_SOURCE 1
#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1

#include "CCurses.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

static struct {
  SCREEN *screen;
  WINDOW *keys;
  FILE *input;
  FILE *output;
  bool cursor_shown;
} state;

/// A stream of its own on a copy of the descriptor, so that closing it leaves the caller's open.
static FILE *stream(int32_t descriptor, const char *mode) {
  int copy = dup(descriptor);
  if (copy < 0) return NULL;
  FILE *file = fdopen(copy, mode);
  if (file == NULL) close(copy);
  return file;
}

static void forget(void) {
  if (state.input != NULL) fclose(state.input);
  if (state.output != NULL) fclose(state.output);
  memset(&state, 0, sizeof state);
}

/// ncurses takes these over where they have their default; the caller receives them in another way.
static void take_signals_back(void) {
  const int numbers[] = {SIGINT, SIGTERM, SIGWINCH, SIGTSTP};
  struct sigaction kept[4];
  for (int i = 0; i < 4; i++) sigaction(numbers[i], NULL, &kept[i]);
  for (int i = 0; i < 4; i++) {
    if (kept[i].sa_handler == SIG_IGN) continue;
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sigaction(numbers[i], &plain, NULL);
  }
}

bool ccurses_open(const char *type, int32_t input, int32_t output) {
  if (state.screen != NULL) return false;
  state.input = stream(input, "r");
  state.output = stream(output, "w");
  if (state.input == NULL || state.output == NULL) {
    forget();
    return false;
  }
  // The output is no terminal, so the size would come from LINES and COLUMNS, which may be stale.
  use_env(FALSE);
  state.screen = newterm(type, state.output, state.input);
  if (state.screen == NULL) {
    forget();
    return false;
  }
  take_signals_back();
  const char *address = tigetstr("cup");
  if (address == NULL || address == (const char *)-1 || (state.keys = newpad(1, 1)) == NULL) {
    ccurses_close();
    return false;
  }
  cbreak();
  noecho();
  nonl();
  typeahead(-1);
  // Whether a lone escape is a key was decided before its byte came here.
  set_escdelay(0);
  meta(stdscr, TRUE);
  keypad(state.keys, TRUE);
  nodelay(state.keys, TRUE);
  leaveok(stdscr, TRUE);
  scrollok(stdscr, FALSE);
  idlok(stdscr, TRUE);
  curs_set(0);
  return true;
}

void ccurses_close(void) {
  if (state.screen == NULL) return;
  if (state.keys != NULL) delwin(state.keys);
  delscreen(state.screen);
  forget();
}

bool ccurses_start_color(void) {
  if (!has_colors() || start_color() == ERR) return false;
  use_default_colors();
  return true;
}

int32_t ccurses_colors(void) {
  int number = tigetnum("colors");
  return number > 0 ? number : 0;
}

int32_t ccurses_pairs(void) { return COLOR_PAIRS; }

bool ccurses_define_pair(int32_t pair, int32_t foreground, int32_t background) {
  return init_extended_pair(pair, foreground, background) == OK;
}

void ccurses_forget_pairs(void) { reset_color_pairs(); }

void ccurses_resize(int32_t rows, int32_t columns) { resize_term(rows, columns); }

static attr_t attributes_of(uint32_t attributes) {
  attr_t result = A_NORMAL;
  if (attributes & CCURSES_BOLD) result |= A_BOLD;
  if (attributes & CCURSES_DIM) result |= A_DIM;
  if (attributes & CCURSES_UNDERLINE) result |= A_UNDERLINE;
  if (attributes & CCURSES_REVERSE) result |= A_REVERSE;
  if (attributes & CCURSES_ITALIC) result |= A_ITALIC;
  return result;
}

void ccurses_put(
    int32_t row, int32_t column, const uint32_t *scalars, size_t count, uint32_t attributes, int32_t pair) {
  wchar_t text[CCHARW_MAX + 1];
  size_t length = count < CCHARW_MAX ? count : CCHARW_MAX;
  for (size_t i = 0; i < length; i++) text[i] = (wchar_t)scalars[i];
  text[length] = L'\0';
  cchar_t cell;
  int extended = pair;
  if (setcchar(&cell, text, attributes_of(attributes), 0, &extended) == OK) {
    // This form neither moves the cursor nor wraps, so the last column of the last row is a place like any other.
    mvwadd_wchnstr(stdscr, row, column, &cell, 1);
  }
}

void ccurses_erase(void) {
  werase(stdscr);
  clearok(stdscr, TRUE);
}

void ccurses_repaint(void) { clearok(stdscr, TRUE); }

void ccurses_place_cursor(int32_t row, int32_t column) {
  bool shown = row >= 0;
  leaveok(stdscr, !shown);
  if (shown) wmove(stdscr, row, column);
  if (shown != state.cursor_shown) curs_set(shown ? 1 : 0);
  state.cursor_shown = shown;
}

void ccurses_update(void) {
  wnoutrefresh(stdscr);
  doupdate();
}

int32_t ccurses_width(uint32_t scalar) { return wcwidth((wchar_t)scalar); }

int32_t ccurses_read_key(void) {
  int key = wgetch(state.keys);
  if (key == ERR) return CCURSES_KEY_NONE;
  if (key < 0x100) return key;
  if (key > KEY_F0 && key <= KEY_F0 + 63) return CCURSES_KEY_FUNCTION + (key - KEY_F0);
  switch (key) {
  // With shift they are keys of their own to ncurses, as are the keypad's corners and a VT220's editing keys.
  case KEY_UP: case KEY_SR: return CCURSES_KEY_UP;
  case KEY_DOWN: case KEY_SF: return CCURSES_KEY_DOWN;
  case KEY_LEFT: case KEY_SLEFT: return CCURSES_KEY_LEFT;
  case KEY_RIGHT: case KEY_SRIGHT: return CCURSES_KEY_RIGHT;
  case KEY_HOME: case KEY_SHOME: case KEY_A1: case KEY_FIND: return CCURSES_KEY_HOME;
  case KEY_END: case KEY_SEND: case KEY_C1: case KEY_SELECT: case KEY_LL: return CCURSES_KEY_END;
  case KEY_PPAGE: case KEY_SPREVIOUS: case KEY_A3: return CCURSES_KEY_PAGE_UP;
  case KEY_NPAGE: case KEY_SNEXT: case KEY_C3: return CCURSES_KEY_PAGE_DOWN;
  case KEY_ENTER: return CCURSES_KEY_ENTER;
  case KEY_BACKSPACE: return CCURSES_KEY_BACKSPACE;
  case KEY_DC: case KEY_SDC: return CCURSES_KEY_DELETE;
  case KEY_BTAB: return CCURSES_KEY_BACK_TAB;
  default: return CCURSES_KEY_OTHER;
  }
}

static int ncurses_key(int32_t key) {
  if (key > CCURSES_KEY_FUNCTION) return KEY_F(key - CCURSES_KEY_FUNCTION);
  switch (key) {
  case CCURSES_KEY_UP: return KEY_UP;
  case CCURSES_KEY_DOWN: return KEY_DOWN;
  case CCURSES_KEY_LEFT: return KEY_LEFT;
  case CCURSES_KEY_RIGHT: return KEY_RIGHT;
  case CCURSES_KEY_HOME: return KEY_HOME;
  case CCURSES_KEY_END: return KEY_END;
  case CCURSES_KEY_PAGE_UP: return KEY_PPAGE;
  case CCURSES_KEY_PAGE_DOWN: return KEY_NPAGE;
  case CCURSES_KEY_ENTER: return KEY_ENTER;
  case CCURSES_KEY_BACKSPACE: return KEY_BACKSPACE;
  case CCURSES_KEY_DELETE: return KEY_DC;
  case CCURSES_KEY_BACK_TAB: return KEY_BTAB;
  default: return ERR;
  }
}

void ccurses_define_key(const char *sequence, int32_t key) {
  int code = ncurses_key(key);
  int known = key_defined(sequence);
  // Codes above KEY_MAX are keys with modifiers that the entry names but nobody here knows.
  if (code != ERR && (known == 0 || known > KEY_MAX)) define_key(sequence, code);
}

const char *ccurses_string(const char *name) {
  const char *value = tigetstr(name);
  return value == (const char *)-1 ? NULL : value;
}

bool ccurses_has_direct_color(void) {
  return tigetflag("RGB") > 0 || tigetnum("RGB") > 0 || ccurses_string("RGB") != NULL;
}

size_t ccurses_scroll_region(int32_t rows, char *buffer, size_t capacity) {
  const char *format = ccurses_string("csr");
  if (format == NULL || rows < 2) return 0;
  const char *sequence = tiparm(format, 0, (int)rows - 1);
  size_t length = sequence == NULL ? 0 : strlen(sequence);
  if (length == 0 || length > capacity) return 0;
  memcpy(buffer, sequence, length);
  return length;
}

bool ccurses_set_locale(const char *name) { return setlocale(LC_CTYPE, name) != NULL; }

const char *ccurses_codeset(void) { return nl_langinfo(CODESET); }
