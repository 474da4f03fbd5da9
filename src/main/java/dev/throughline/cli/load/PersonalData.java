package dev.throughline.cli.load;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;

/** Invented personal data that passes the checks of the real: it is there to be masked. */
final class PersonalData {
    private static final List<String> GIVEN =
            List.of("jane", "omar", "lena", "piotr", "aylin", "marta", "hugo", "ines", "tom", "sofia", "nils", "clara");
    private static final List<String> FAMILY = List.of(
            "doe", "haddad", "weber", "nowak", "demir", "rossi", "martin", "costa", "jansen", "novak", "berg", "klein");
    private static final List<String> MAIL_HOSTS =
            List.of("example.com", "example.org", "mail.example.net", "shop.example.com", "corp.example.org");
    private static final List<String> PHONE_AREAS =
            List.of("+49 30 ", "+44 20 79", "+33 1 42 ", "+34 91 5", "+31 20 6");
    private static final List<String> CARD_ISSUERS = List.of("4111", "4556", "5105", "5424", "5555");
    private static final List<String> SENTENCES_MAIL = List.of(
            "Order confirmation to %s bounced, the next attempt follows",
            "Customer %s matched two accounts, the older one was kept",
            "Webhook names %s as contact, the ERP does not know it yet");
    private static final List<String> SENTENCES_PHONE = List.of(
            "Carrier refused the time window, call back at %s needed",
            "SMS to phone %s failed at the provider after a timeout",
            "Phone %s differs between CRM and ERP, the ERP value was kept");
    private static final List<String> SENTENCES_CARD = List.of(
            "Payment with card %s declined, the invoice stays open",
            "Refund to card %s is pending, the ERP answered 503 so far",
            "Card %s was charged twice, the second will be reversed");
    private static final List<String> SENTENCES_IBAN = List.of(
            "Direct debit from %s rejected by the bank, mandate unknown",
            "Payout to IBAN %s waits for approval, not posted yet",
            "Bank account %s changed, the master data update timed out");

    private PersonalData() {}

    /** A sentence with one e-mail address, phone number, card number or IBAN in it. */
    static String sentence(Draws draws) {
        return switch (draws.below(4)) {
            case 0 -> fill(draws.one(SENTENCES_MAIL), email(draws));
            case 1 -> fill(draws.one(SENTENCES_PHONE), phone(draws));
            case 2 -> fill(draws.one(SENTENCES_CARD), card(draws));
            default -> fill(draws.one(SENTENCES_IBAN), iban(draws));
        };
    }

    static String email(Draws draws) {
        return draws.one(GIVEN) + "." + draws.one(FAMILY) + draws.below(1000) + "@" + draws.one(MAIL_HOSTS);
    }

    static String phone(Draws draws) {
        return draws.one(PHONE_AREAS) + draws.between(2, 9) + draws.digits(6);
    }

    static String card(Draws draws) {
        String body = draws.one(CARD_ISSUERS) + draws.digits(11);
        String number = body + luhnDigit(body);
        return draws.chance(500)
                ? number
                : String.join(
                        " ",
                        number.substring(0, 4),
                        number.substring(4, 8),
                        number.substring(8, 12),
                        number.substring(12));
    }

    static String iban(Draws draws) {
        String account = draws.digits(18);
        int check = 98
                - new BigInteger(account + "131400").mod(BigInteger.valueOf(97)).intValue();
        return String.format(Locale.ROOT, "DE%02d%s", check, account);
    }

    private static int luhnDigit(String body) {
        int sum = 0;
        for (int i = 0; i < body.length(); i++) {
            int digit = body.charAt(body.length() - 1 - i) - '0';
            int weighed = i % 2 == 0 ? 2 * digit : digit;
            sum += weighed > 9 ? weighed - 9 : weighed;
        }
        return (10 - sum % 10) % 10;
    }

    private static String fill(String sentence, String value) {
        return sentence.replace("%s", value);
    }
}
