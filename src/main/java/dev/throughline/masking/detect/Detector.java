package dev.throughline.masking.detect;

import java.util.Locale;
import java.util.Optional;

/** What is found. The lower-case name is the label of its metric and its key in a policy. */
public enum Detector {
    EMAIL("email"),
    PHONE("phone"),
    CARD("card"),
    IBAN("iban"),
    US_SSN("us_ssn"),
    DE_TAX_ID("de_tax_id"),
    FR_NIR("fr_nir"),
    ES_DNI("es_dni"),
    IT_CODICE_FISCALE("it_codice_fiscale"),
    NL_BSN("nl_bsn"),
    PL_PESEL("pl_pesel"),
    UK_NINO("uk_nino"),
    UK_NHS("uk_nhs"),
    TR_KIMLIK("tr_kimlik"),
    IP("ip"),
    SECRET("secret");

    private static final Detector[] VALUES = values();
    private final String label;

    Detector(String label) {
        this.label = label;
    }

    /** The name in policies, metrics and reports, and the type in a pseudonym. */
    public String label() {
        return label;
    }

    /** What stands in the text's place by default: {@code [EMAIL]}. */
    public String redaction() {
        return "[" + label.toUpperCase(Locale.ROOT) + "]";
    }

    public int bit() {
        return 1 << ordinal();
    }

    public static Detector ofOrdinal(int ordinal) {
        return VALUES[ordinal];
    }

    public static int count() {
        return VALUES.length;
    }

    public static Optional<Detector> ofLabel(String label) {
        for (Detector detector : VALUES) {
            if (detector.label.equals(label)) {
                return Optional.of(detector);
            }
        }
        return Optional.empty();
    }
}
