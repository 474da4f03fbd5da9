package dev.throughline.masking;

import java.util.ArrayList;
import java.util.List;

/** Field names that hold personal data or secrets in the systems that connectors speak to. */
final class BuiltInFields {
    private BuiltInFields() {}

    static List<FieldRule> rules() {
        List<FieldRule> rules = new ArrayList<>();
        // Paging cursors and counters are not credentials by their name, but a sender may put anything into them.
        detect(
                rules,
                "page_token next_token next_page_token continuation_token sync_token token_type token_count password_policy");
        redact(rules, "[EMAIL]", "*email *e_mail *email_address *mail_address *emails mailto");
        redact(
                rules,
                "[PHONE]",
                "*phone *phone_number *telephone *mobile *mobile_number *mobile_phone *cell_phone *fax *fax_number"
                        + " *phones *telefon *telefonnummer *telefax *msisdn *whatsapp_number *caller_id");
        redact(
                rules,
                "[NAME]",
                "*first_name *firstname *last_name *lastname *middle_name *full_name *fullname *given_name"
                        + " *family_name *surname *maiden_name *customer_name *contact_name *person_name *recipient_name *account_holder"
                        + " *cardholder_name *cardholder *card_holder *employee_name *patient_name *buyer_name *billing_name *shipping_name"
                        + " *display_name *vorname *nachname *apellido *apellidos *prenom *cognome *attn salutation_name");
        redact(
                rules,
                "[ADDRESS]",
                "address *customer_address *contact_address *person_address *user_address *recipient_address *postal_address *street_address *billing_address *shipping_address *delivery_address"
                        + " *home_address *mailing_address *address_line *address_line1 *address_line2 *address_line3 *address1 *address2"
                        + " *street *street1 *street2 *street_name *street_line *house_number *postal_code *postcode *post_code *zip *zip_code"
                        + " *zipcode *plz *strasse *hausnummer");
        redact(
                rules,
                "[SECRET]",
                "*password *passwd *pwd *passphrase *passcode *secret *secret_key *client_secret *token"
                        + " *access_token *refresh_token *id_token *auth_token *session_token *api_key *apikey *access_key *private_key"
                        + " *private_key_id *signing_key *encryption_key *authorization *proxy_authorization *cookie *set_cookie"
                        + " *credentials *connection_string *session_id *jsessionid *otp *pin_code *webhook_secret *x_api_key *cvv *cvc"
                        + " *security_code *bearer *passwort *kennwort *wachtwoord *contraseña *contrasena *senha *mot_de_passe"
                        + " *motdepasse *hasło *haslo *parola *şifre *sifre *lösenord *passord *adgangskode *heslo *пароль");
        redact(rules, "[IBAN]", "*iban *iban_number");
        redact(rules, "[ACCOUNT]", "*bank_account *bank_account_number *account_iban *sort_code *routing_number");
        redact(
                rules,
                "[CARD]",
                "*card_number *credit_card *credit_card_number *debit_card *pan *kreditkarte *kreditkartennummer");
        redact(
                rules,
                "[NATIONAL_ID]",
                "*ssn *social_security_number *national_id *national_id_number *national_insurance_number"
                        + " *nino *nhs_number *tax_id *tax_number *taxpayer_id *steuer_id *bsn *pesel *codice_fiscale *nir *dni *nie *nif"
                        + " *tckn *tc_kimlik *tc_kimlik_no *passport *passport_number *passport_no *drivers_license *driving_licence"
                        + " *id_card_number *personal_number");
        redact(
                rules,
                "[DATE_OF_BIRTH]",
                "*date_of_birth *birth_date *birthdate *birthday *dob *geburtsdatum *date_naissance");
        redact(
                rules,
                "[IP]",
                "*client_ip *remote_ip *source_ip *user_ip *peer_ip *ip_address *x_forwarded_for *forwarded_for"
                        + " *remote_addr");
        return List.copyOf(rules);
    }

    private static void detect(List<FieldRule> rules, String names) {
        for (String name : names.split(" ", -1)) {
            rules.add(FieldRule.named(name, new Action.Detect()));
        }
    }

    private static void redact(List<FieldRule> rules, String label, String names) {
        for (String name : names.split(" ", -1)) {
            rules.add(FieldRule.named(name, new Action.Redact(label)));
        }
    }
}
