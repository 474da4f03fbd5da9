package dev.throughline.masking.detect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Words that tell what a number beside them is, in the languages of the detectors. A lookup is one hash over the word's bytes
 * (ASCII and the Latin-1 letters in lower case) and one comparison.
 */
public final class ContextWords {
    public static final int PHONE = 1;
    /** Verbs: the number must also look dialled. */
    public static final int CALL = 1 << 1;

    public static final int CARD = 1 << 2;
    public static final int SSN = 1 << 3;
    public static final int TAX = 1 << 4;
    public static final int NIR = 1 << 5;
    public static final int DNI = 1 << 6;
    public static final int BSN = 1 << 7;
    public static final int PESEL = 1 << 8;
    public static final int NINO = 1 << 9;
    public static final int NHS = 1 << 10;
    public static final int KIMLIK = 1 << 11;
    public static final int ADDRESS_OF_HOST = 1 << 12;
    /** Versions of software: what looks like an address is none. */
    public static final int VERSION = 1 << 13;
    /** Another kind of number. */
    public static final int OTHER_NUMBER = 1 << 14;
    /** Says only that somebody's identity is meant. */
    public static final int IDENTITY = 1 << 15;

    /** Bytes of text that are looked at before and after a number. */
    private static final int BEFORE_BYTES_MAX = 56;

    private static final int AFTER_BYTES_MAX = 40;
    private static final int WORDS_MAX = 7;

    private static final int SLOTS = 2048;
    private static final byte[][] WORD = new byte[SLOTS][];
    private static final int[] BITS = new int[SLOTS];

    static {
        put(
                PHONE,
                "phone phones telephone tel tél mobile cell cellphone cellular fax telefax facsimile handy handynummer"
                        + " mobilnummer mobiltelefon mobilfunknummer telefon telefonnummer telefonnr rufnummer rückrufnummer"
                        + " festnetz durchwahl téléphone telephonique téléphonique portable gsm teléfono telefono móvil movil celular"
                        + " tfno tlf cellulare numero-di-telefono telefoon telefoonnummer tel-nr mobiel mobieltje faxnummer telefonu"
                        + " telefonie komórka komórkowy komórkowe kom cep telefonum numaram numarası faks msisdn whatsapp sms"
                        + " hotline landline voicemail ph phonenumber mobilephone workphone homephone dzwonić numerem");
        put(
                CALL,
                "call calls called calling caller callback dial dialed dialled ring rang text texted reach reached contact"
                        + " ruf rufen rufe anruf anrufen angerufen anrufer rückruf zurückrufen erreichbar erreichen appeler appelez appelé joindre"
                        + " joignable rappeler llamar llame llamada llamó contactar chiamare chiami chiamata contattare bel bellen"
                        + " gebeld bereikbaar terugbellen zadzwoń dzwonił arayın aradı ara ulaşın");
        put(
                CARD,
                "card cards creditcard debitcard visa mastercard amex maestro discover diners jcb unionpay pan cc"
                        + " kreditkarte kreditkartennummer karte kartennummer carte tarjeta carta kaart creditcardnummer karta karty"
                        + " kart kartı kredi cardnumber");
        put(SSN, "ssn ssns social itin");
        put(
                TAX,
                "tax tin steuer steuerid idnr steuernummer steueridentifikationsnummer identifikationsnummer steuerliche"
                        + " steuerlichen taxid taxpayer steueridnr");
        put(NIR, "nir insee sécu secu sécurité securite sociale vitale nirpp");
        put(DNI, "dni nie nif documento identidad extranjero");
        put(BSN, "bsn burgerservicenummer sofinummer sofi burgerservice persoonsnummer");
        put(PESEL, "pesel peselu");
        put(NINO, "nino insurance ni");
        put(NHS, "nhs patient patients");
        put(KIMLIK, "kimlik tckn tc tckimlik vatandaşlık");
        put(
                IDENTITY,
                "citizen passport identity national personal personnummer id-number identité identification tożsamości");
        put(
                ADDRESS_OF_HOST,
                "ip ipv4 ipv6 host address addr client remote peer from adresse adres dirección indirizzo");
        put(
                VERSION,
                "version versions ver release build firmware upgrade upgraded downgraded v kernel driver agent revision"
                        + " versión versione wersja sürüm oid snmp section chapter kapitel clause");
        put(
                OTHER_NUMBER,
                "order orders invoice invoices tracking shipment parcel ean gtin upc isbn issn sku article articles product item items"
                        + " material batch lot po so rma ticket epoch timestamp unix millis nanos micros ms ns bytes byte rows"
                        + " records offset partition sequence seq serial imei reference ref transaction txn delivery deliveries"
                        + " quote quotation contract document doc journal ledger amount total price sum balance checksum"
                        + " auftrag auftragsnummer bestellung bestellnummer rechnung rechnungsnummer lieferung lieferschein"
                        + " sendung sendungsnummer kundennummer artikelnummer artikel beleg belegnummer betrag"
                        + " commande facture colis livraison article-nr pedido factura albarán importe envío seguimiento ordine"
                        + " fattura spedizione importo factuur zending bestelling zamówienie zamówienia faktura faktury przesyłka"
                        + " sipariş fatura kargo job jobs run pid thread port line lines size count duration");
    }

    private ContextWords() {}

    private static void put(int bits, String words) {
        for (String word : words.split(" ", -1)) {
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            int slot = find(utf8, 0, utf8.length);
            WORD[slot] = utf8;
            BITS[slot] |= bits;
        }
    }

    /** The slot of a word, or the free slot where it would be. */
    private static int find(byte[] text, int from, int to) {
        int hash = to - from;
        for (int p = from; p < to; p++) {
            hash = hash * 31 + lowered(text, p, from);
        }
        int slot = (hash ^ hash >>> 11 ^ hash >>> 22) & (SLOTS - 1);
        while (WORD[slot] != null && !same(WORD[slot], text, from, to)) {
            slot = (slot + 1) & (SLOTS - 1);
        }
        return slot;
    }

    private static boolean same(byte[] word, byte[] text, int from, int to) {
        if (word.length != to - from) {
            return false;
        }
        for (int p = from; p < to; p++) {
            if (word[p - from] != lowered(text, p, from)) {
                return false;
            }
        }
        return true;
    }

    /** The byte in lower case; the second byte of À … Þ too. */
    private static byte lowered(byte[] text, int p, int from) {
        byte b = text[p];
        if (b < 0) {
            boolean capital = p > from && text[p - 1] == (byte) 0xC3 && (b & 0xFF) <= 0x9E && (b & 0xFF) != 0x97;
            return capital ? (byte) (b + 0x20) : b;
        }
        return Chars.toLower(b);
    }

    /** The kinds that a word stands for; 0 where it is no context word. */
    public static int of(byte[] text, int from, int to) {
        if (to - from > 32) {
            return 0;
        }
        int slot = find(text, from, to);
        return WORD[slot] == null ? 0 : BITS[slot];
    }

    private static boolean isWord(byte b) {
        return b < 0 || Chars.letter(b);
    }

    /**
     * The kinds that the words before {@code at} speak of, the nearest first: what lies behind a word for another kind of
     * number, a line break, a semicolon or the end of a sentence does not count. {@link #OTHER_NUMBER} alone where such a
     * word is the nearest.
     */
    static int before(byte[] text, int at, int floor) {
        int low = Math.max(floor, at - BEFORE_BYTES_MAX);
        int found = 0;
        int p = at;
        for (int words = 0; words < WORDS_MAX && p > low; words++) {
            while (p > low && !isWord(text[p - 1])) {
                if (endsClause(text, p - 1, low)) {
                    return found;
                }
                p--;
            }
            int end = p;
            while (p > low && isWord(text[p - 1])) {
                p--;
            }
            if (p == low && p > floor && p > 0 && isWord(text[p - 1])) {
                return found;
            }
            boolean replaced = p > floor && (text[p - 1] == '[' || text[p - 1] == '_');
            int bits = replaced ? attached(text, p, end, floor) : of(text, p, end);
            if ((bits & OTHER_NUMBER) != 0) {
                return found == 0 ? OTHER_NUMBER : found;
            }
            found |= bits;
        }
        return found;
    }

    /** A word after an underscore counts, one inside the brackets of a replacement does not. */
    private static int attached(byte[] text, int from, int end, int floor) {
        int p = from;
        while (p > floor && (Chars.alnum(text[p - 1]) || text[p - 1] == '_')) {
            p--;
        }
        return p > floor && text[p - 1] == '[' ? 0 : of(text, from, end);
    }

    private static boolean endsClause(byte[] text, int p, int low) {
        byte b = text[p];
        if (b == '\n' || b == ';' || b == '!' || b == '?' || b == '|') {
            return true;
        }
        // "Tel. 030", "No. 12" do not end a sentence, "was updated. 030" does.
        return b == '.' && p + 1 < text.length && text[p + 1] == ' ' && p - low > 4 && longWord(text, p);
    }

    private static boolean longWord(byte[] text, int dot) {
        for (int i = 1; i <= 5; i++) {
            if (!isWord(text[dot - i])) {
                return false;
            }
        }
        return true;
    }

    /** The kinds that a remark after a number speaks of: {@code (SSN)}, {@code is her BSN}. */
    static int after(byte[] text, int at, int to) {
        int high = Math.min(to, at + AFTER_BYTES_MAX);
        int p = at;
        while (p < high && (text[p] == ' ' || text[p] == ',')) {
            p++;
        }
        boolean bracket = p < high && (text[p] == '(' || text[p] == '[');
        int words = 0;
        boolean linked = bracket;
        while (p < high && words < 5) {
            while (p < high && !isWord(text[p])) {
                if (Chars.digit(text[p]) || text[p] == '.' || text[p] == ';' || text[p] == ')') {
                    return 0;
                }
                p++;
            }
            int from = p;
            while (p < high && isWord(text[p])) {
                p++;
            }
            words++;
            linked |= words == 1 && isLink(text, from, p);
            int bits = of(text, from, p);
            if (!linked || (bits & OTHER_NUMBER) != 0) {
                return 0;
            }
            if (bits != 0) {
                return bits & ~CALL;
            }
        }
        return 0;
    }

    private static final byte[][] LINKS = {
        bytes("is"),
        bytes("ist"),
        bytes("est"),
        bytes("es"),
        bytes("è"),
        bytes("jest"),
        bytes("was"),
        bytes("as"),
        bytes("als"),
        bytes("como"),
        bytes("come"),
        bytes("comme"),
        bytes("jako"),
        bytes("numaralı")
    };

    private static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.UTF_8);
    }

    private static boolean isLink(byte[] text, int from, int to) {
        for (byte[] link : LINKS) {
            if (Arrays.equals(text, from, to, link, 0, link.length)) {
                return true;
            }
        }
        return false;
    }
}
