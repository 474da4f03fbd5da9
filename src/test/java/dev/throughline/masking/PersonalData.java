package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Random;

/** Makes valid personal data and secrets, from the published rules and without the code under test. */
final class PersonalData {
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String ALNUM = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private final Random random;

    PersonalData(Random random) {
        this.random = random;
    }

    String value(Detector kind) {
        return switch (kind) {
            case EMAIL -> email();
            case PHONE -> phone();
            case CARD -> card();
            case IBAN -> iban();
            case US_SSN -> ssn();
            case DE_TAX_ID -> taxId();
            case FR_NIR -> nir();
            case ES_DNI -> dni();
            case IT_CODICE_FISCALE -> codiceFiscale();
            case NL_BSN -> bsn();
            case PL_PESEL -> pesel();
            case UK_NINO -> nino();
            case UK_NHS -> nhs();
            case TR_KIMLIK -> kimlik();
            case IP -> ip();
            case SECRET -> secret();
        };
    }

    String digits(int count) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count; i++) {
            s.append(random.nextInt(10));
        }
        return s.toString();
    }

    String chars(String alphabet, int count) {
        StringBuilder s = new StringBuilder();
        for (int i = 0; i < count; i++) {
            s.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return s.toString();
    }

    String one(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    private String email() {
        String name = one(
                "jane",
                "john.doe",
                "m.mueller",
                "Anna_K",
                "o.brien",
                "j-p.dupont",
                "info+crm",
                "x",
                "maria99",
                "l.van.dijk");
        String host = one(
                "example.com",
                "acme.co.uk",
                "mail.example.org",
                "firma-gmbh.de",
                "correo.es",
                "163.com",
                "sub.a.io",
                "posta.it");
        return name + (random.nextBoolean() ? digits(2) : "") + "@" + host;
    }

    private String phone() {
        return switch (random.nextInt(9)) {
            case 0 -> "+49 " + between(30, 89) + " " + digits(7);
            case 1 -> "+1 (" + between(201, 989) + ") " + between(200, 999) + "-" + digits(4);
            case 2 -> "+44 20 7" + digits(3) + " " + digits(4);
            case 3 -> "+336" + digits(8);
            case 4 -> "0049 171 " + digits(7);
            case 5 -> between(201, 989) + "-" + between(200, 999) + "-" + digits(4);
            case 6 -> "0" + between(151, 179) + "/" + digits(7);
            case 7 -> "06 " + digits(2) + " " + digits(2) + " " + digits(2) + " " + digits(2);
            default -> "(030) " + between(1, 9) + digits(6);
        };
    }

    static int luhnDigit(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int d = body.charAt(body.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? (d * 2 > 9 ? d * 2 - 9 : d * 2) : d;
        }
        return (10 - sum % 10) % 10;
    }

    private String card() {
        int length = 16;
        String prefix = one("4", "4", "51", "55", "2221", "2720", "6011", "3530", "34", "37", "36");
        if (prefix.startsWith("34") || prefix.startsWith("37")) {
            length = 15;
        } else if (prefix.equals("36")) {
            length = 14;
        }
        String body = prefix + digits(length - 1 - prefix.length());
        String number = body + luhnDigit(body);
        String separator = one("", "", " ", "-");
        if (separator.isEmpty() || length == 14) {
            return number;
        }
        String s = separator;
        return length == 15
                ? number.substring(0, 4) + s + number.substring(4, 10) + s + number.substring(10)
                : number.replaceAll("(.{4})(?=.)", "$1" + s);
    }

    private String iban() {
        String country = one(
                "DE:18n",
                "GB:4a14n",
                "FR:23n",
                "NL:4a10n",
                "ES:20n",
                "PL:24n",
                "TR:22n",
                "BE:12n",
                "AT:16n",
                "IT:1a22n");
        String code = country.substring(0, 2);
        StringBuilder bban = new StringBuilder();
        for (String part : country.substring(3).split("(?<=[an])")) {
            int count = Integer.parseInt(part.substring(0, part.length() - 1));
            bban.append(part.endsWith("a") ? chars(UPPER, count) : digits(count));
        }
        StringBuilder numeric = new StringBuilder();
        for (char c : (bban + code + "00").toCharArray()) {
            numeric.append(Character.isDigit(c) ? String.valueOf(c) : String.valueOf(c - 'A' + 10));
        }
        int check = 98
                - new BigInteger(numeric.toString()).mod(BigInteger.valueOf(97)).intValue();
        String iban = code + String.format(Locale.ROOT, "%02d", check) + bban;
        return switch (random.nextInt(4)) {
            case 0 -> iban.replaceAll("(.{4})(?=.)", "$1 ");
            case 1 -> iban.toLowerCase(Locale.ROOT);
            default -> iban;
        };
    }

    private String ssn() {
        int area = between(1, 899);
        area = area == 666 ? 667 : area;
        String s = String.format(Locale.ROOT, "%03d-%02d-%04d", area, between(1, 99), between(1, 9999));
        return random.nextInt(4) == 0 ? s.replace("-", one("", " ")) : s;
    }

    private String taxId() {
        while (true) {
            StringBuilder body = new StringBuilder(shuffled("0123456789"));
            int dropped = random.nextInt(10);
            int doubled = (dropped + 1 + random.nextInt(9)) % 10;
            body.setCharAt(dropped, body.charAt(doubled));
            if (body.charAt(0) == '0') {
                continue;
            }
            int product = 10;
            for (int i = 0; i < 10; i++) {
                int sum = (body.charAt(i) - '0' + product) % 10;
                product = (sum == 0 ? 10 : sum) * 2 % 11;
            }
            int check = (11 - product) % 10;
            String id = body.append(check).toString();
            return random.nextInt(3) == 0
                    ? id.substring(0, 2) + " " + id.substring(2, 5) + " " + id.substring(5, 8) + " " + id.substring(8)
                    : id;
        }
    }

    private String shuffled(String text) {
        StringBuilder s = new StringBuilder(text);
        for (int i = s.length() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            char c = s.charAt(i);
            s.setCharAt(i, s.charAt(j));
            s.setCharAt(j, c);
        }
        return s.toString();
    }

    private String nir() {
        String department = one("75", "13", "69", "2A", "2B", "33", "01");
        String body = between(1, 2)
                + String.format(Locale.ROOT, "%02d%02d", between(30, 99), between(1, 12))
                + department
                + digits(6);
        String numeric = body.replace("2A", "19").replace("2B", "18");
        long key = 97 - Long.parseLong(numeric) % 97;
        String id = body + String.format(Locale.ROOT, "%02d", key);
        return random.nextInt(2) == 0
                ? id
                : id.charAt(0) + " " + id.substring(1, 3) + " " + id.substring(3, 5) + " " + id.substring(5, 7) + " "
                        + id.substring(7, 10) + " " + id.substring(10, 13) + " " + id.substring(13);
    }

    private String dni() {
        String letters = "TRWAGMYFPDXBNJZSQVHLCKE";
        if (random.nextBoolean()) {
            String number = digits(8);
            String letter = String.valueOf(letters.charAt(Integer.parseInt(number) % 23));
            return number + one("", "", "-") + letter;
        }
        int first = random.nextInt(3);
        String number = digits(7);
        return "XYZ".charAt(first) + number + letters.charAt(Integer.parseInt(first + number) % 23);
    }

    private String codiceFiscale() {
        String body = chars("BCDFGLMNPRSTV", 6)
                + digits(2)
                + chars("ABCDEHLMPRST", 1)
                + String.format(Locale.ROOT, "%02d", between(1, 31))
                + chars("ABCDEFGHIL", 1)
                + digits(3);
        if (random.nextInt(5) == 0) {
            body = body.substring(0, 14) + "LMNPQRSTUV".charAt(body.charAt(14) - '0');
        }
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            char c = body.charAt(i);
            int v = Character.isDigit(c) ? c - '0' : c - 'A';
            sum += i % 2 == 0 ? odd[v] : v;
        }
        String id = body + (char) ('A' + sum % 26);
        return random.nextInt(5) == 0 ? id.toLowerCase(Locale.ROOT) : id;
    }

    private String bsn() {
        while (true) {
            String body = digits(8);
            int sum = 0;
            for (int i = 0; i < 8; i++) {
                sum += (body.charAt(i) - '0') * (9 - i);
            }
            int check = sum % 11;
            if (check < 10 && sum > 0) {
                return body + check;
            }
        }
    }

    private String pesel() {
        boolean young = random.nextInt(4) == 0;
        String body = String.format(
                        Locale.ROOT,
                        "%02d%02d%02d",
                        young ? between(0, 9) : between(40, 99),
                        between(1, 12) + (young ? 20 : 0),
                        between(1, 28))
                + digits(4);
        int[] weights = {1, 3, 7, 9, 1, 3, 7, 9, 1, 3};
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            sum += (body.charAt(i) - '0') * weights[i];
        }
        return body + (10 - sum % 10) % 10;
    }

    private String nino() {
        String prefix = one("AB", "CE", "JK", "PY", "WL", "SR", "HN", "MA");
        String digits = digits(6);
        String suffix = chars("ABCD", 1);
        return random.nextInt(3) == 0
                ? prefix + " " + digits.substring(0, 2) + " " + digits.substring(2, 4) + " " + digits.substring(4) + " "
                        + suffix
                : prefix + digits + suffix;
    }

    private String nhs() {
        while (true) {
            String body = between(1, 9) + digits(8);
            int sum = 0;
            for (int i = 0; i < 9; i++) {
                sum += (body.charAt(i) - '0') * (10 - i);
            }
            int check = 11 - sum % 11;
            if (check != 10) {
                String id = body + (check == 11 ? 0 : check);
                return random.nextBoolean()
                        ? id
                        : id.substring(0, 3) + " " + id.substring(3, 6) + " " + id.substring(6);
            }
        }
    }

    private String kimlik() {
        String body = between(1, 9) + digits(8);
        int odd = 0;
        int even = 0;
        for (int i = 0; i < 9; i++) {
            if (i % 2 == 0) {
                odd += body.charAt(i) - '0';
            } else {
                even += body.charAt(i) - '0';
            }
        }
        int tenth = Math.floorMod(odd * 7 - even, 10);
        return body + tenth + (odd + even + tenth) % 10;
    }

    private String ip() {
        return switch (random.nextInt(4)) {
            case 0 ->
                "2001:db8:" + Integer.toHexString(between(1, 65535)) + "::" + Integer.toHexString(between(1, 65535));
            case 1 ->
                "fe80::" + Integer.toHexString(between(4096, 65535)) + ":" + Integer.toHexString(between(1, 65535))
                        + ":1";
            default -> between(1, 126) + "." + between(0, 255) + "." + between(0, 255) + "." + between(1, 254);
        };
    }

    private String secret() {
        return switch (random.nextInt(10)) {
            case 0 -> "AKIA" + chars("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
            case 1 -> "ghp_" + chars(ALNUM, 36);
            case 2 -> "eyJ" + chars(ALNUM, 20) + "." + chars(ALNUM, 40) + "." + chars(ALNUM + "-_", 43);
            case 3 -> "xoxb-" + digits(12) + "-" + digits(12) + "-" + chars(ALNUM, 24);
            case 4 -> "sk_live_" + chars(ALNUM, 24);
            case 5 -> "AIza" + chars(ALNUM + "-_", 35);
            case 6 -> "glpat-" + chars(ALNUM, 20);
            case 7 -> "whsec_" + chars(ALNUM, 32);
            case 8 -> "github_pat_" + chars(ALNUM, 22) + "_" + chars(ALNUM, 59);
            default -> "SG." + chars(ALNUM, 22) + "." + chars(ALNUM, 43);
        };
    }
}
