package dev.throughline.masking.detect;

/** Payment cards: ISO/IEC 7812 issuer ranges as published by the networks, lengths, Luhn. */
final class PaymentCard {
    private PaymentCard() {}

    /** How many of the run's first groups are a card number; 0 where none. */
    static int groups(NumberRun run, boolean named) {
        for (int count = run.groups; count > 0; count--) {
            int digits = run.digitCount(count);
            if (digits >= 13 && digits <= 19 && isGrouped(run, count) && isCard(run.digits, digits, named)) {
                return count;
            }
        }
        return 0;
    }

    private static boolean isGrouped(NumberRun run, int count) {
        if (count == 1) {
            return true;
        }
        byte kind = run.separator[1];
        if ((kind != ' ' && kind != '-' && kind != '.') || !run.separatedBy(kind, count) || run.length(0) != 4) {
            return false;
        }
        for (int i = 1; i < count - 1; i++) {
            if (run.length(i) != 4 && run.length(i) != 6) {
                return false;
            }
        }
        return run.length(count - 1) <= 6;
    }

    /** Whether digit values are a card number. Trade item numbers of 13 digits look the same: there it must be named a card. */
    static boolean isCard(byte[] digits, int count, boolean named) {
        return isIssued(digits, count)
                && Checksums.luhn(digits, 0, count)
                && !allEqual(digits, count)
                && (named || count > 13 || !Checksums.gs1(digits, 0, count));
    }

    private static boolean allEqual(byte[] digits, int count) {
        for (int i = 1; i < count; i++) {
            if (digits[i] != digits[0]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isIssued(byte[] digits, int count) {
        int four = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
        int two = four / 100;
        int three = four / 10;
        return switch (digits[0]) {
            case 2 -> count == 16 && ((four >= 2221 && four <= 2720) || (four >= 2200 && four <= 2205));
            case 3 -> threes(two, three, four, count);
            case 4 -> count == 13 || count == 16 || count == 18 || count == 19;
            case 5 -> fives(two, three, count);
            case 6 -> count >= 16 && isSix(two, three, four);
            case 8 -> count == 16 && (two == 81 || two == 82);
            case 9 -> count == 16 && four == 9792;
            default -> false;
        };
    }

    private static boolean threes(int two, int three, int four, int count) {
        if (two == 34 || two == 37) {
            return count == 15;
        }
        if (four >= 3528 && four <= 3589) {
            return count >= 16;
        }
        boolean diners = (three >= 300 && three <= 305) || three == 309 || two == 36 || two == 38 || two == 39;
        return diners && (count == 14 || count == 16 || count == 19);
    }

    private static boolean fives(int two, int three, int count) {
        if (two >= 51 && two <= 55) {
            return count == 16;
        }
        return count >= 16 && (two == 50 || two >= 56) && (two != 59) && three >= 500;
    }

    private static boolean isSix(int two, int three, int four) {
        return two == 60
                || two == 62
                || two == 63
                || two == 65
                || two == 67
                || two == 64
                || four == 6011
                || three == 690;
    }
}
