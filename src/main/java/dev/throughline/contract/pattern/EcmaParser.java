package dev.throughline.contract.pattern;

import dev.throughline.contract.pattern.PatternTree.BackReference;
import dev.throughline.contract.pattern.PatternTree.Capture;
import dev.throughline.contract.pattern.PatternTree.Choice;
import dev.throughline.contract.pattern.PatternTree.End;
import dev.throughline.contract.pattern.PatternTree.Look;
import dev.throughline.contract.pattern.PatternTree.OneOf;
import dev.throughline.contract.pattern.PatternTree.Repeat;
import dev.throughline.contract.pattern.PatternTree.Sequence;
import dev.throughline.contract.pattern.PatternTree.Start;
import dev.throughline.contract.pattern.PatternTree.WordBoundary;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parses one pattern; used once. */
final class EcmaParser {
    static final int PATTERN_CHARACTERS_MAX = 16_384;
    static final int GROUP_DEPTH_MAX = 100;
    static final int REPEAT_MAX = 1_000_000;

    private final String source;
    private final Map<String, Integer> names = new HashMap<>();
    private int at;
    private int depth;
    private int groupsInAll;

    EcmaParser(String source) {
        this.source = source;
    }

    PatternTree parse() throws PatternException {
        if (source.length() > PATTERN_CHARACTERS_MAX) {
            throw fail("pattern too long");
        }
        countGroups();
        PatternTree tree = choice();
        if (at < source.length()) {
            throw fail("unmatched parenthesis");
        }
        return tree;
    }

    private PatternException fail(String problem) {
        return new PatternException(problem, at);
    }

    private int peek() {
        return at < source.length() ? source.codePointAt(at) : -1;
    }

    private boolean take(char c) {
        if (at < source.length() && source.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean take(String text) {
        if (source.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    /** Numbers and names of all groups, so that a reference may come before its group. */
    private void countGroups() throws PatternException {
        boolean inClass = false;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(' && !source.startsWith("(?", i)) {
                groupsInAll++;
            } else if (c == '('
                    && source.startsWith("(?<", i)
                    && !source.startsWith("(?<=", i)
                    && !source.startsWith("(?<!", i)) {
                int close = source.indexOf('>', i);
                at = i;
                if (close < 0 || names.putIfAbsent(source.substring(i + 3, close), ++groupsInAll) != null) {
                    throw fail("malformed group name");
                }
            }
        }
        at = 0;
    }

    private PatternTree choice() throws PatternException {
        List<PatternTree> branches = new ArrayList<>();
        do {
            branches.add(sequence());
        } while (take('|'));
        return branches.size() == 1 ? branches.getFirst() : new Choice(List.copyOf(branches));
    }

    private PatternTree sequence() throws PatternException {
        List<PatternTree> parts = new ArrayList<>();
        while (at < source.length() && source.charAt(at) != '|' && source.charAt(at) != ')') {
            parts.add(quantified(term()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Sequence(List.copyOf(parts));
    }

    private PatternTree quantified(PatternTree body) throws PatternException {
        int c = peek();
        int min;
        int max;
        if (c == '*' || c == '+' || c == '?') {
            at++;
            min = c == '+' ? 1 : 0;
            max = c == '?' ? 1 : PatternTree.UNBOUNDED;
        } else if (c == '{' && isBounds()) {
            at++;
            min = number();
            max = min;
            if (take(',')) {
                max = peek() == '}' ? PatternTree.UNBOUNDED : number();
            }
            at++;
            if (max != PatternTree.UNBOUNDED && max < min) {
                throw fail("quantifier out of order");
            }
        } else {
            return body;
        }
        if (body instanceof Start || body instanceof End || body instanceof WordBoundary || body instanceof Look) {
            throw fail("nothing to repeat");
        }
        return new Repeat(body, min, max, take('?'));
    }

    /** Whether {@code {n}}, {@code {n,}} or {@code {n,m}} stands here; any other brace is a character. */
    private boolean isBounds() {
        int i = skipDigits(at + 1);
        if (i == at + 1) {
            return false;
        }
        if (i < source.length() && source.charAt(i) == ',') {
            i = skipDigits(i + 1);
        }
        return i < source.length() && source.charAt(i) == '}';
    }

    private int skipDigits(int from) {
        int i = from;
        while (i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9') {
            i++;
        }
        return i;
    }

    private int number() throws PatternException {
        int to = skipDigits(at);
        long value = 0;
        for (; at < to; at++) {
            value = Math.min(REPEAT_MAX + 1L, value * 10 + (source.charAt(at) - '0'));
        }
        if (value > REPEAT_MAX) {
            throw fail("quantifier too large");
        }
        return (int) value;
    }

    private PatternTree term() throws PatternException {
        int c = peek();
        return switch (c) {
            case '^' -> taken(new Start());
            case '$' -> taken(new End());
            case '.' -> taken(new OneOf(CodePoints.DOT));
            case '(' -> group();
            case '[' -> new OneOf(characterClass());
            case '\\' -> escape();
            case '*', '+', '?' -> throw fail("nothing to repeat");
            default -> {
                if (c == '{' && isBounds()) {
                    throw fail("nothing to repeat");
                }
                at += Character.charCount(c);
                yield new OneOf(CodePoints.of(c, c));
            }
        };
    }

    private PatternTree taken(PatternTree tree) {
        at++;
        return tree;
    }

    private PatternTree group() throws PatternException {
        if (++depth > GROUP_DEPTH_MAX) {
            throw fail("groups too deep");
        }
        at++;
        PatternTree tree;
        if (take("?:")) {
            tree = choice();
        } else if (take("?=")) {
            tree = new Look(choice(), false, false);
        } else if (take("?!")) {
            tree = new Look(choice(), false, true);
        } else if (take("?<=")) {
            tree = new Look(choice(), true, false);
        } else if (take("?<!")) {
            tree = new Look(choice(), true, true);
        } else {
            if (take("?<")) {
                groupName();
            } else if (peek() == '?') {
                throw fail("unknown group");
            }
            tree = new Capture(choice());
        }
        if (!take(')')) {
            throw fail("unclosed group");
        }
        depth--;
        return tree;
    }

    private String groupName() throws PatternException {
        int close = source.indexOf('>', at);
        if (close <= at || (!Character.isUnicodeIdentifierStart(peek()) && peek() != '$' && peek() != '_')) {
            throw fail("malformed group name");
        }
        String name = source.substring(at, close);
        if (!name.codePoints().allMatch(c -> Character.isUnicodeIdentifierPart(c) || c == '$')) {
            throw fail("malformed group name");
        }
        at = close + 1;
        return name;
    }

    private PatternTree escape() throws PatternException {
        int next = at + 1 < source.length() ? source.charAt(at + 1) : -1;
        if (next == 'b' || next == 'B') {
            at += 2;
            return new WordBoundary(next == 'B');
        }
        if (next >= '1' && next <= '9') {
            at++;
            int group = number();
            if (group > groupsInAll) {
                throw fail("no such group");
            }
            return new BackReference(group);
        }
        if (next == 'k') {
            at += 2;
            if (!take('<')) {
                throw fail("malformed group name");
            }
            Integer group = names.get(groupName());
            if (group == null) {
                throw fail("no such group");
            }
            return new BackReference(group);
        }
        CodePoints set = classEscape();
        if (set != null) {
            return new OneOf(set);
        }
        int c = characterEscape(false);
        return new OneOf(CodePoints.of(c, c));
    }

    private CodePoints characterClass() throws PatternException {
        at++;
        boolean negated = take('^');
        CodePoints set = CodePoints.NONE;
        while (!take(']')) {
            CodePoints shorthand = classEscape();
            int first = shorthand == null ? classCharacter() : -1;
            if (peek() == '-' && at + 1 < source.length() && source.charAt(at + 1) != ']') {
                at++;
                if (shorthand != null || classEscape() != null) {
                    throw fail("class in a range");
                }
                int last = classCharacter();
                if (last < first) {
                    throw fail("range out of order");
                }
                set = set.or(CodePoints.of(first, last));
            } else {
                set = set.or(shorthand != null ? shorthand : CodePoints.of(first, first));
            }
        }
        return negated ? set.negated() : set;
    }

    private int classCharacter() throws PatternException {
        int c = peek();
        if (c < 0) {
            throw fail("unclosed class");
        }
        if (c == '\\') {
            return characterEscape(true);
        }
        at += Character.charCount(c);
        return c;
    }

    /** {@code \d \D \w \W \s \S \p{…} \P{…}}, or null (and nothing taken) where another escape or character stands. */
    private @org.jspecify.annotations.Nullable CodePoints classEscape() throws PatternException {
        if (peek() != '\\' || at + 1 >= source.length()) {
            return null;
        }
        char kind = source.charAt(at + 1);
        CodePoints set = switch (Character.toLowerCase(kind)) {
            case 'd' -> CodePoints.DIGITS;
            case 'w' -> CodePoints.WORD;
            case 's' -> CodePoints.SPACE;
            case 'p' -> property();
            default -> null;
        };
        if (set == null) {
            return null;
        }
        at += kind == 'p' || kind == 'P' ? 0 : 2;
        return Character.isUpperCase(kind) ? set.negated() : set;
    }

    private CodePoints property() throws PatternException {
        int close = source.indexOf('}', at);
        if (!source.startsWith("{", at + 2) || close < 0) {
            throw fail("malformed property");
        }
        CodePoints set = UnicodeProperties.find(source.substring(at + 3, close));
        if (set == null) {
            throw fail("unknown property");
        }
        at = close + 1;
        return set;
    }

    private int characterEscape(boolean inClass) throws PatternException {
        at++;
        int c = peek();
        if (c < 0) {
            throw fail("dangling backslash");
        }
        at += Character.charCount(c);
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'v' -> 0x0B;
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'b' -> {
                if (!inClass) {
                    throw fail("unknown escape");
                }
                yield '\b';
            }
            case '0' -> {
                if (peek() >= '0' && peek() <= '9') {
                    throw fail("unknown escape");
                }
                yield 0;
            }
            case 'c' -> control();
            case 'x' -> hex(2);
            case 'u' -> unicode();
            default -> {
                if (c < 0x80 && Character.isLetterOrDigit(c)) {
                    throw fail("unknown escape");
                }
                yield c;
            }
        };
    }

    private int control() throws PatternException {
        int c = peek();
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'))) {
            throw fail("unknown escape");
        }
        at++;
        return c & 0x1F;
    }

    private int unicode() throws PatternException {
        if (take('{')) {
            int close = source.indexOf('}', at);
            if (close <= at || close - at > 8) {
                throw fail("malformed escape");
            }
            int value = hex(close - at);
            at++;
            if (value > CodePoints.MAX) {
                throw fail("no such code point");
            }
            return value;
        }
        int first = hex(4);
        if (Character.isHighSurrogate((char) first) && source.startsWith("\\u", at) && at + 6 <= source.length()) {
            int back = at;
            at += 2;
            int second = peek() == '{' ? 0 : hex(4);
            if (Character.isLowSurrogate((char) second)) {
                return Character.toCodePoint((char) first, (char) second);
            }
            at = back;
        }
        return first;
    }

    private int hex(int digits) throws PatternException {
        long value = 0;
        for (int i = 0; i < digits; i++, at++) {
            int digit = at < source.length() && source.charAt(at) < 0x80 ? Character.digit(source.charAt(at), 16) : -1;
            if (digit < 0) {
                throw fail("malformed escape");
            }
            value = value << 4 | digit;
        }
        return (int) Math.min(value, Integer.MAX_VALUE);
    }
}
