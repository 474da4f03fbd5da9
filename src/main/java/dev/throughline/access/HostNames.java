package dev.throughline.access;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which names in {@code Host} and {@code Origin} are this program's. A browser that was led here by a foreign name that resolves to this
 * machine (DNS rebinding) sends that name. IP addresses cannot be rebound, {@code localhost} is the machine's own (RFC 6761,
 * section 6.3), and a name without a dot is no public one; every other name is to be configured.
 */
final class HostNames {
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9a-f:.%]+]|[^\\[\\]:/?#@\\s]+)(?::[0-9]{0,5})?");
    private static final Pattern ORIGIN = Pattern.compile("(?i)https?://(.+)");

    private final Set<String> configured;

    HostNames(List<String> names) {
        configured = new HashSet<>();
        names.forEach(name -> configured.add(name.strip().toLowerCase(Locale.ROOT)));
    }

    /** @param authority {@code host}, {@code host:port}, {@code [address]:port} */
    boolean isOurs(String authority) {
        String host = host(authority);
        return !host.isEmpty()
                && (configured.contains(host)
                        || host.equals("localhost")
                        || host.endsWith(".localhost")
                        || isName(host)
                        || isAddress(host));
    }

    /**
     * Whether a page of this origin is one of ours: same host and port as the request's, or a configured name.
     *
     * @param origin as in RFC 6454, section 7: {@code scheme://host:port}, or {@code null} in letters
     */
    boolean isOurOrigin(String origin, @Nullable String authority) {
        Matcher parts = ORIGIN.matcher(origin);
        if (!parts.matches()) {
            return false;
        }
        String of = parts.group(1);
        return configured.contains(host(of))
                || (authority != null && of.equalsIgnoreCase(authority) && isOurs(authority));
    }

    /** In lower case; empty where the authority is not a host with or without a port (RFC 9110, section 4.2.3: no user is named). */
    private static String host(String authority) {
        Matcher parts = AUTHORITY.matcher(authority.toLowerCase(Locale.ROOT));
        return parts.matches() ? parts.group(1) : "";
    }

    private static boolean isName(String host) {
        return host.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_');
    }

    private static boolean isAddress(String host) {
        boolean bracketed = host.startsWith("[");
        if (!bracketed && !host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'))) {
            return false;
        }
        try {
            InetAddress.ofLiteral(bracketed ? host.substring(1, host.length() - 1) : host);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
