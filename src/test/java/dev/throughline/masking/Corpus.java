package dev.throughline.masking;

import dev.throughline.masking.detect.Detector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Sentences with one labelled value each: personal data, or what only looks like it. Seeded. */
final class Corpus {
    /** @param kind absent for a look-alike, which must survive */
    record Sample(String text, String value, @Nullable Detector kind, String family) {}

    private static final String CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private final Random random;
    private final PersonalData people;

    Corpus(long seed) {
        random = new Random(seed);
        people = new PersonalData(random);
    }

    List<Sample> samples(int ofEach) {
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < ofEach; i++) {
            Detector kind = Detector.ofOrdinal(i % Detector.count());
            samples.add(personal(kind));
            samples.add(lookAlike());
        }
        return samples;
    }

    private Sample personal(Detector kind) {
        String value = people.value(kind);
        String frame = people.one(frames(kind));
        return new Sample(frame.replace("§", value), value, kind, kind.label());
    }

    private static String[] frames(Detector kind) {
        return switch (kind) {
            case EMAIL ->
                new String[] {
                    "Contact § could not be synced",
                    "Kunde § nicht gefunden",
                    "duplicate key (email)=(§)",
                    "from=<§>, to=<erp@x>",
                    "Le client § a refusé",
                    "user:§;status=locked",
                    "mailto:§",
                    "Sent to §.",
                    "L'utente §, senza consenso"
                };
            case PHONE ->
                new String[] {
                    "phone: §", "Call § about the delivery", "Tel. § nicht erreichbar",
                            "Numéro de téléphone § invalide",
                    "teléfono § no válido", "customer asked for a call back at §", "Handynummer § fehlt im ERP",
                            "mobile § rejected by SMS gateway",
                    "Rückruf unter § gewünscht", "Fax: §, bitte prüfen", "telefoon § onbekend",
                            "numer telefonu § jest błędny"
                };
            case CARD ->
                new String[] {
                    "card § declined",
                    "Payment with § failed: insufficient funds",
                    "Kreditkarte § abgelehnt",
                    "PAN=§",
                    "charged § twice",
                    "carte § expirée",
                    "tarjeta § rechazada",
                    "[§] authorised"
                };
            case IBAN ->
                new String[] {
                    "IBAN § invalid",
                    "refund to § failed",
                    "Überweisung auf § storniert",
                    "virement vers § refusé",
                    "account=§",
                    "SEPA mandate for §: closed"
                };
            case US_SSN ->
                new String[] {
                    "SSN § on file",
                    "ssn=§",
                    "social security number § mismatch",
                    "applicant SSN: §",
                    "employee (SSN §) terminated"
                };
            case DE_TAX_ID ->
                new String[] {
                    "Steuer-ID § fehlt",
                    "tax id § rejected",
                    "Steueridentifikationsnummer: §",
                    "IdNr. § ungültig",
                    "tax ID: §"
                };
            case FR_NIR ->
                new String[] {"NIR § inconnu", "numéro de sécurité sociale § invalide", "assuré §", "n° sécu : §"};
            case ES_DNI ->
                new String[] {
                    "DNI § no coincide", "NIE/DNI: §", "cliente con documento § duplicado", "el titular § no existe"
                };
            case IT_CODICE_FISCALE ->
                new String[] {"codice fiscale § errato", "CF: §", "cliente § duplicato", "anagrafica § bloccata"};
            case NL_BSN ->
                new String[] {"BSN § onbekend", "bsn: §", "burgerservicenummer § klopt niet", "employee BSN=§"};
            case PL_PESEL -> new String[] {"PESEL § nieprawidłowy", "klient z numerem PESEL §", "pesel=§", "PESEL: §"};
            case UK_NINO ->
                new String[] {
                    "NINO § not found", "National Insurance number § invalid", "NI number: §", "payroll § mismatch"
                };
            case UK_NHS ->
                new String[] {"NHS number § invalid", "NHS: §", "patient § has no referral", "NHS no. § merged"};
            case TR_KIMLIK ->
                new String[] {"T.C. kimlik no § hatalı", "TCKN: §", "kimlik numarası § bulunamadı", "TC kimlik §"};
            case IP ->
                new String[] {
                    "connection from § refused",
                    "client §, server: erp",
                    "peer=§",
                    "host § timed out",
                    "Verbindung zu § abgelehnt"
                };
            case SECRET ->
                new String[] {
                    "Authorization: Bearer §",
                    "api_key=§",
                    "token § leaked",
                    "using credential §",
                    "secret: §",
                    "X-Token=§; path=/"
                };
        };
    }

    private Sample lookAlike() {
        String[] made = made(random.nextInt(24));
        String frame = made.length > 2
                ? made[2]
                : people.one(
                        "§ not found in ERP",
                        "processing §",
                        "Auftrag § wurde storniert",
                        "retry of § scheduled",
                        "ref §: timeout");
        return new Sample(frame.replace("§", made[1]), made[1], null, made[0]);
    }

    private String[] made(int kind) {
        String hex = "0123456789abcdef";
        String card = "4" + people.digits(14);
        return switch (kind) {
            case 0 -> new String[] {"ulid", "corr_0" + people.chars(CROCKFORD, 25)};
            case 1 ->
                new String[] {
                    "uuid",
                    people.chars(hex, 8) + "-" + people.chars(hex, 4) + "-4" + people.chars(hex, 3) + "-a"
                            + people.chars(hex, 3) + "-" + people.chars(hex, 12)
                };
            case 2 -> new String[] {"trace", people.chars(hex, 32)};
            case 3 -> new String[] {"order", "SO-" + people.digits(6)};
            case 4 -> new String[] {"purchase", "PO45" + people.digits(8)};
            case 5 ->
                new String[] {
                    "purchase-bare",
                    "45" + people.digits(8),
                    people.one("purchase order § blocked", "Bestellung § offen", "order § of 3 items")
                };
            case 6 ->
                new String[] {
                    "millis",
                    "17" + people.digits(11),
                    people.one("at § ms", "timestamp=§", "next run § scheduled", "epoch §")
                };
            case 7 ->
                new String[] {"seconds", "17" + people.digits(8), people.one("expires §", "exp=§", "since § (unix)")};
            case 8 ->
                new String[] {"nanos", "17" + people.digits(17), people.one("startTimeUnixNano=§", "clock § skewed")};
            case 9 ->
                new String[] {
                    "amount",
                    people.digits(4) + "." + people.digits(2),
                    people.one("total § EUR", "Betrag § EUR", "amount=§")
                };
            case 10 ->
                new String[] {
                    "iso-time",
                    "2026-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(10) + "T10:" + (10 + random.nextInt(50))
                            + ":18.442Z"
                };
            case 11 -> new String[] {"date-time", "2026-01-2" + random.nextInt(9) + " 10:24:1" + random.nextInt(10)};
            case 12 ->
                new String[] {
                    "version",
                    random.nextInt(20) + "." + random.nextInt(30) + "." + random.nextInt(99),
                    people.one("connector v§ started", "agent/§", "version § is old")
                };
            case 13 ->
                new String[] {
                    "version4",
                    "10." + random.nextInt(9) + "." + random.nextInt(99) + ".1",
                    people.one("version § installed", "build § deployed", "driver v§ loaded")
                };
            case 14 -> new String[] {"sha", people.chars(hex, 40)};
            case 15 ->
                new String[] {
                    "bad-card",
                    card + (PersonalData.luhnDigit(card) + 1) % 10,
                    people.one("card § declined", "number § is not a card")
                };
            case 16 -> new String[] {"bad-iban", "DE00" + people.digits(18), people.one("IBAN § invalid", "account §")};
            case 17 ->
                new String[] {
                    "bad-ssn",
                    people.one("000", "666", "900") + "-" + people.digits(2) + "-" + people.digits(4),
                    "SSN § invalid"
                };
            case 18 ->
                new String[] {
                    "ean",
                    "40063813" + people.digits(5),
                    people.one("EAN § unknown", "article §", "GTIN § has no price")
                };
            case 19 ->
                new String[] {
                    "tracking", "1Z" + people.chars("0123456789ABCDEF", 16), people.one("tracking § lost", "parcel §")
                };
            case 20 ->
                new String[] {
                    "nine-digits",
                    people.digits(9),
                    people.one("offset §", "order § closed", "job § took 3 s", "invoice §", "document § posted")
                };
            case 21 ->
                new String[] {
                    "word-at",
                    people.one(
                            "icon@2x.png",
                            "lodash@4.17.21",
                            "@Override",
                            "com.acme.Foo@1b2c3d4e",
                            "a @ b",
                            "git@github.com:acme/erp.git")
                };
            case 22 ->
                new String[] {
                    "secret-word",
                    people.one(
                            "password reset",
                            "token: expired",
                            "the secret is safe",
                            "Bearer authentication",
                            "password: required",
                            "page_token",
                            "Basic validation")
                };
            default ->
                new String[] {
                    "identifier",
                    people.one(
                            "std::vector",
                            "order:status:updated",
                            "/erp/orders/status",
                            "X-Request-Id",
                            "http://erp.acme.com:8080/api/v2/orders",
                            "a1b2c3",
                            "P1Y2M3DT4H5M6S",
                            "aa:bb:cc:dd:ee:ff",
                            "127.0.0.1",
                            "N/A",
                            String.format(Locale.ROOT, "%d%%", random.nextInt(100)))
                };
        };
    }
}
