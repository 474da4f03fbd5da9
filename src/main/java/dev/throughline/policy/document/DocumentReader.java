package dev.throughline.policy.document;

import dev.throughline.policy.document.DocumentNode.Entry;
import dev.throughline.policy.document.DocumentNode.Kind;
import dev.throughline.policy.document.DocumentNode.Mapping;
import dev.throughline.policy.document.DocumentNode.Scalar;
import dev.throughline.policy.document.DocumentNode.Sequence;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.comments.CommentLine;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads the files of a policy into nodes. What all of them take of memory is bounded while they are read, so that a server can do it under
 * load. Used for one policy; not thread-safe.
 */
public final class DocumentReader {
    /** Levels of nesting. */
    public static final int DEPTH_MAX = 64;
    /** Keys and values of all files, aliases expanded. */
    public static final int NODES_MAX = 100_000;
    /** Characters of their texts, aliases expanded. */
    public static final int TEXT_MAX = 4 << 20;

    private final Problems problems;
    private String file = "";
    private int nodes;
    private int composed;
    private long text;
    private boolean stopped;

    public DocumentReader(Problems problems) {
        this.problems = problems;
    }

    /** The mapping that the file holds; null, with a problem noted, where it cannot be read as one. */
    public @Nullable Mapping read(String name, byte[] utf8) {
        file = name;
        stopped = false;
        return document(utf8);
    }

    private @Nullable Mapping document(byte[] utf8) {
        String content = decode(utf8);
        if (content == null) {
            return null;
        }
        Node root = compose(content);
        if (root == null) {
            return null;
        }
        DocumentNode node = convert(root, 0);
        if (stopped) {
            return null;
        }
        if (node instanceof Mapping mapping) {
            return mapping;
        }
        problem(node.place(), "not_a_policy", "a mapping is expected, and this is " + node.kindName());
        return null;
    }

    private @Nullable String decode(byte[] utf8) {
        ByteBuffer bytes = ByteBuffer.wrap(utf8);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException _) {
            String before = new String(utf8, 0, bytes.position(), StandardCharsets.UTF_8);
            problem(after(before), "malformed_utf8", "the file is to be UTF-8");
            return null;
        }
    }

    /** The place of what follows a text. */
    private Place after(String text) {
        int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
        return new Place(file, line, text.length() - text.lastIndexOf('\n'));
    }

    private @Nullable Node compose(String content) {
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(2 * DEPTH_MAX);
        options.setMaxAliasesForCollections(NODES_MAX);
        try {
            StreamReader reader = new StreamReader(content);
            Node root = new BoundedComposer(reader, options).getSingleNode();
            if (root == null) {
                problem(Place.of(file), "not_a_policy", "the file is empty");
            }
            return root;
        } catch (TooMuch e) {
            tooMuch(place(e.mark), e.deep);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            problem(mark == null ? Place.of(file) : place(mark), "malformed_yaml", told(e));
        } catch (ReaderException e) {
            problem(
                    after(content.substring(0, Math.min(e.getPosition(), content.length()))),
                    "malformed_yaml",
                    "a character that YAML does not allow");
        } catch (YAMLException | StackOverflowError e) {
            problem(Place.of(file), "malformed_yaml", "it is over a bound of size, depth or aliases");
        }
        return null;
    }

    /** Gives up where there is too much, before it stands in memory. */
    private final class BoundedComposer extends Composer {
        private int depth;

        BoundedComposer(StreamReader reader, LoaderOptions options) {
            super(new ParserImpl(reader, options), new Resolver(), options);
        }

        @Override
        protected Node composeScalarNode(String anchor, List<CommentLine> comments) {
            count();
            return super.composeScalarNode(anchor, comments);
        }

        @Override
        protected Node composeSequenceNode(String anchor) {
            enter();
            Node node = super.composeSequenceNode(anchor);
            depth--;
            return node;
        }

        @Override
        protected Node composeMappingNode(String anchor) {
            enter();
            Node node = super.composeMappingNode(anchor);
            depth--;
            return node;
        }

        private void enter() {
            count();
            if (++depth > DEPTH_MAX) {
                throw new TooMuch(parser.peekEvent().getStartMark(), true);
            }
        }

        private void count() {
            if (++composed > NODES_MAX) {
                throw new TooMuch(parser.peekEvent().getStartMark(), false);
            }
        }
    }

    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Mark mark;
        private final boolean deep;

        TooMuch(Mark mark, boolean deep) {
            super(null, null, false, false);
            this.mark = mark;
            this.deep = deep;
        }
    }

    private static String told(MarkedYAMLException e) {
        String what = e.getProblem() == null ? "it is not YAML" : e.getProblem();
        return e.getContext() == null ? what : e.getContext() + ": " + what;
    }

    private DocumentNode convert(Node node, int depth) {
        Place place = place(node.getStartMark());
        Scalar nothing = new Scalar(place, Kind.NULL, "");
        if (stopped) {
            return nothing;
        }
        if (node instanceof ScalarNode scalar) {
            text += scalar.getValue().length();
        }
        if (depth > DEPTH_MAX || ++nodes > NODES_MAX || text > TEXT_MAX) {
            stopped = true;
            tooMuch(place, depth > DEPTH_MAX);
            return nothing;
        }
        return switch (node) {
            case MappingNode mapping when mapping.getTag().equals(Tag.MAP) -> mapping(mapping, place, depth);
            case SequenceNode sequence
            when sequence.getTag().equals(Tag.SEQ) -> {
                List<DocumentNode> items = new ArrayList<>(sequence.getValue().size());
                for (Node item : sequence.getValue()) {
                    items.add(convert(item, depth + 1));
                }
                yield new Sequence(place, items);
            }
            case ScalarNode scalar
            when kind(scalar) != null ->
                new Scalar(place, java.util.Objects.requireNonNull(kind(scalar)), scalar.getValue());
            default -> {
                problem(place, "unsupported_tag", "only plain YAML is read, without tags of its own");
                yield nothing;
            }
        };
    }

    private DocumentNode mapping(MappingNode mapping, Place place, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Place keyPlace = place(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(keyPlace, "wrong_type", "a key is a plain text");
            } else if (key.getTag().equals(Tag.MERGE)) {
                problem(keyPlace, "merge_key", "merge keys (<<) are not read; write the entries out");
            } else {
                text += key.getValue().length();
                Entry entry = new Entry(keyPlace, convert(tuple.getValueNode(), depth + 1));
                Entry first = entries.putIfAbsent(key.getValue(), entry);
                if (first != null) {
                    problem(
                            keyPlace,
                            "duplicate_key",
                            "the key is there already, at line "
                                    + first.keyPlace().line());
                }
            }
        }
        return new Mapping(place, entries);
    }

    private static @Nullable Kind kind(ScalarNode scalar) {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
            return Kind.STRING;
        }
        if (tag.equals(Tag.INT)) {
            return Kind.INTEGER;
        }
        if (tag.equals(Tag.FLOAT)) {
            return Kind.DECIMAL;
        }
        if (tag.equals(Tag.BOOL)) {
            return Kind.BOOLEAN;
        }
        return tag.equals(Tag.NULL) ? Kind.NULL : null;
    }

    private void tooMuch(Place place, boolean deep) {
        problem(
                place,
                deep ? "too_deep" : "too_large",
                deep
                        ? "at most " + DEPTH_MAX + " levels; an alias within its own anchor has no end"
                        : "all files come to at most " + NODES_MAX
                                + " keys and values and 4 MiB of text, aliases expanded");
    }

    private Place place(Mark mark) {
        return new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private void problem(Place place, String code, String detail) {
        problems.add(place, "", code, detail);
    }
}
