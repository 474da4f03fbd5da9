package dev.throughline.masking;

import dev.throughline.telemetry.Field;

/** The forms of the contract's own ids (integration-log/v1) and of OTLP's, on the bytes. */
final class IdShape {
    private static final int CORRELATION_BYTES = 31;
    private static final int TENANT_BYTES_MAX = 64;
    private static final int CONNECTOR_BYTES_MAX = 100;

    private static final int OTLP_ID_BYTES_MAX = 32;

    private IdShape() {}

    static boolean matches(Field field, byte[] source, int from, int to) {
        return switch (field) {
            case CORRELATION_ID -> isCorrelation(source, from, to);
            case TENANT_ID -> isName(source, from, to, TENANT_BYTES_MAX, true);
            case CONNECTOR -> isName(source, from, to, CONNECTOR_BYTES_MAX, false);
            default -> false;
        };
    }

    /** OTLP's ids and times: up to 32 hex digits. */
    static boolean isHex(byte[] source, int from, int to) {
        if (to - from > OTLP_ID_BYTES_MAX) {
            return false;
        }
        for (int p = from; p < to; p++) {
            if (Character.digit(source[p], 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isCorrelation(byte[] source, int from, int to) {
        if (to - from != CORRELATION_BYTES) {
            return false;
        }
        for (int i = 0; i < 5; i++) {
            if (source[from + i] != "corr_".charAt(i)) {
                return false;
            }
        }
        if (source[from + 5] < '0' || source[from + 5] > '7') {
            return false;
        }
        for (int p = from + 6; p < to; p++) {
            if ("0123456789ABCDEFGHJKMNPQRSTVWXYZ".indexOf(source[p]) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isName(byte[] source, int from, int to, int max, boolean upper) {
        if (to == from || to - from > max) {
            return false;
        }
        for (int p = from; p < to; p++) {
            byte b = source[p];
            boolean alnum = (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || (upper && b >= 'A' && b <= 'Z');
            if (!alnum && (p == from || (b != '_' && b != '.' && b != '-'))) {
                return false;
            }
        }
        return true;
    }
}
