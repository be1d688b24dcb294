// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import live.millrace.platform.camera.CameraWish;
import live.millrace.platform.camera.Cameras;

/**
 * Where a camera is, read from what people paste: addresses as makers of cameras print them, with users and passwords that nobody encoded.
 *
 * @param uri without a user, and without a passphrase
 */
record CameraAddress(URI uri, String user, String password) {
    /** Its addresses have no users: the one secret, the passphrase, stands in the query, and is the password here. */
    private static final String WITH_PASSPHRASE = "srt";

    private static final Set<String> SCHEMES = Set.of("rtsp", "rtsps", WITH_PASSPHRASE);
    private static final String PASSPHRASE = "passphrase=";
    private static final String AFTER_SCHEME = "://";
    private static final int MOST_PORT = 65_535;

    /** A name of a secret. Some cameras take passwords in their paths, between underscores. */
    private static final Pattern SECRET =
            Pattern.compile("(?i)((?:pass(?:word|wd|code|phrase)?|pwd|token|key|secret|sig|auth)=)[^&_/]+");

    /** Behind the name of an account, a part of the path is its password. */
    private static final Pattern BEHIND_ACCOUNT = Pattern.compile("(?i)(/(?:admin|root|user)/)[^/]+(?=/)");

    /** Every parameter; its value is shown when it is too short to be a secret, as {@code 1} and {@code main} are. */
    private static final Pattern PARAMETER = Pattern.compile("([^=&;]*=)([^&;]*)");

    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9]{0,5}");

    /** No address has one: what is shown cannot be taken for what was typed. */
    private static final String MASK = "…";

    private static final String HIDDEN = "$1" + MASK;

    /** Percent signs that encode something. */
    private static final Pattern ENCODED = Pattern.compile("(?:[^%]|%[0-9A-Fa-f]{2})*");

    /** A camera cannot be there. */
    static final class BadAddressException extends Exception {
        private static final long serialVersionUID = 1;

        private final String messageKey;

        /** Without a cause: parsers tell what they were given. */
        BadAddressException(String messageKey) {
            super(messageKey, null, false, false);
            this.messageKey = messageKey;
        }

        String messageKey() {
            return messageKey;
        }
    }

    /**
     * Reads what was typed.
     *
     * @throws BadAddressException if that is no address of a camera; says a message key
     */
    static CameraAddress of(CameraWish wish) throws BadAddressException {
        String typed = wish.address().strip();
        if (typed.isEmpty()) {
            throw new BadAddressException("camera.address.none");
        }
        if (typed.length() > Cameras.MOST_ADDRESS) {
            throw new BadAddressException("camera.address.long");
        }
        if (typed.contains(MASK)) {
            throw new BadAddressException("camera.address.masked");
        }
        int scheme = typed.indexOf(AFTER_SCHEME);
        // As people write what stands in their router: an IP address alone is an address of RTSP.
        String name = scheme < 0 ? "rtsp" : typed.substring(0, scheme).toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(name)) {
            throw new BadAddressException("camera.address.scheme");
        }
        String rest = scheme < 0 ? typed : typed.substring(scheme + AFTER_SCHEME.length());
        if (name.equals(WITH_PASSPHRASE)) {
            return withPassphrase(rest, wish.password());
        }
        int end = authorityEnd(rest);
        String authority = rest.substring(0, end);
        int at = authority.lastIndexOf('@');
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        String user = wish.user().strip().isEmpty()
                ? decoded(colon < 0 ? login : login.substring(0, colon))
                : wish.user().strip();
        String password =
                wish.password().isEmpty() && colon >= 0 ? decoded(login.substring(colon + 1)) : wish.password();
        check(user);
        check(password);
        return new CameraAddress(uri(name, authority.substring(at + 1), rest.substring(end)), user, password);
    }

    /** What is asked for there is often copied with number signs that nobody encoded: {@code streamid=#!::r=yard}. */
    private static CameraAddress withPassphrase(String rest, String typedPassword) throws BadAddressException {
        int question = rest.indexOf('?');
        String password = typedPassword;
        StringJoiner query = new StringJoiner("&", "?", "").setEmptyValue("");
        for (String pair :
                question < 0 ? new String[0] : rest.substring(question + 1).split("&")) {
            if (!pair.startsWith(PASSPHRASE) && !pair.isEmpty()) {
                query.add(pair.replace("#", "%23"));
            } else if (!pair.isEmpty() && typedPassword.isEmpty()) {
                password = decoded(pair.substring(PASSPHRASE.length()));
            }
        }
        check(password);
        return new CameraAddress(
                uri(WITH_PASSPHRASE, question < 0 ? rest : rest.substring(0, question), query.toString()),
                "",
                password);
    }

    private static void check(String login) throws BadAddressException {
        if (login.length() > Cameras.MOST_LOGIN) {
            throw new BadAddressException("camera.login.long");
        }
        if (login.chars().anyMatch(Character::isISOControl)) {
            throw new BadAddressException("camera.login.malformed");
        }
    }

    /** A password may have anything in it but a slash; what looks like the end may stand in one. */
    private static int authorityEnd(String rest) {
        int slash = rest.indexOf('/');
        int end = slash < 0 ? rest.length() : slash;
        int question = rest.indexOf('?', rest.lastIndexOf('@', end) + 1);
        return question < 0 ? end : Math.min(end, question);
    }

    private static String decoded(String part) {
        return part.indexOf('%') >= 0 && ENCODED.matcher(part).matches()
                ? URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8)
                : part;
    }

    private static URI uri(String scheme, String authority, String rest) throws BadAddressException {
        try {
            URI uri = new URI(scheme + AFTER_SCHEME + authority + rest.replace(" ", "%20"));
            if (uri.getHost() == null
                    || uri.getRawUserInfo() != null
                    || uri.getFragment() != null
                    || uri.getPort() == 0
                    || uri.getPort() > MOST_PORT) {
                throw new BadAddressException("camera.address.malformed");
            }
            return uri;
        } catch (URISyntaxException malformed) {
            throw new BadAddressException("camera.address.malformed");
        }
    }

    /** Without secrets, as far as an address tells them from others. */
    String shown() {
        String whole = uri.toString();
        int question = whole.indexOf('?');
        String path = question < 0 ? whole : whole.substring(0, question);
        String shownPath =
                BEHIND_ACCOUNT.matcher(SECRET.matcher(path).replaceAll(HIDDEN)).replaceAll(HIDDEN);
        if (question < 0) {
            return shownPath;
        }
        return shownPath
                + "?"
                + PARAMETER
                        .matcher(whole.substring(question + 1))
                        .replaceAll(each -> Matcher.quoteReplacement(
                                each.group(1) + (isHarmless(each.group(1), each.group(2)) ? each.group(2) : MASK)));
    }

    private static boolean isHarmless(String name, String value) {
        return HARMLESS.matcher(value).matches() && !SECRET.matcher(name + "x").find();
    }

    /** Secrets stand here. */
    @Override
    public String toString() {
        return "CameraAddress[hidden]";
    }
}
