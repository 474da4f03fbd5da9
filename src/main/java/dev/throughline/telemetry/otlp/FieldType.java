package dev.throughline.telemetry.otlp;

/** How a field stands on the protobuf wire and in the compact document. */
public enum FieldType {
    STRING(2),
    /** A trace or span id: bytes on the wire, hex digits in JSON. */
    ID(2),
    BOOL(0),
    /** An enum: its number in the document; OTLP/JSON may also give the name. */
    ENUM(0),
    UINT32(0),
    /** Zigzag varint. */
    SINT32(0),
    FIXED32(5),
    /** Varint; a decimal string in JSON, as the next two. */
    UINT64(0),
    FIXED64(1),
    SFIXED64(1),
    DOUBLE(1),
    MESSAGE(2),
    /** {@code repeated KeyValue}: one object in the document. */
    ATTRIBUTES(2),
    /** One {@code AnyValue}; only log records have it. */
    ANY_VALUE(2);

    private final int wireType;

    FieldType(int wireType) {
        this.wireType = wireType;
    }

    /** The wire type of one unpacked element: 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
    public int wireType() {
        return wireType;
    }

    /** Whether a repeated field of this type may be packed into one length-delimited element. */
    public boolean isPackable() {
        return wireType != 2;
    }
}
