// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import live.millrace.platform.account.ConfirmationWay;
import live.millrace.platform.shared.web.LocalRedirect;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sent that was not taken yet, to be sent once more: a form's fields, bounded, and never a secret.
 *
 * @param path where it was sent, a path of this site; where to go back to when it is not kept
 * @param again whether the fields are kept, so that it can be sent again
 */
public record KeptForm(String path, boolean again, List<Field> fields) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The request attribute that holds it. */
    public static final String ATTRIBUTE = "live.millrace.kept-form";

    private static final int MOST_FIELDS = 200;
    private static final int MOST_CHARS = 64 << 10;

    /** What is never written into a page. */
    private static final Pattern SECRET =
            Pattern.compile("passw|secret|token|current|replacement|code|otp|credential", Pattern.CASE_INSENSITIVE);

    /** Ours: of the page that asks, not of the form that was sent. */
    private static final Set<String> OWN = Set.of("_csrf", ConfirmationWay.PATH, ConfirmationWay.AGAIN);

    /** One value of a form. */
    public record Field(String name, String value) implements Serializable {
        private static final long serialVersionUID = 1L;
    }

    static KeptForm of(HttpServletRequest request) {
        String path = LocalRedirect.orElse(request.getRequestURI(), "");
        String type = request.getContentType();
        boolean form = "POST".equals(request.getMethod())
                && type != null
                && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
        if (!form || path.isEmpty()) {
            return back(request);
        }
        List<Field> fields = new ArrayList<>();
        int chars = 0;
        for (Map.Entry<String, String[]> entry : request.getParameterMap().entrySet()) {
            if (OWN.contains(entry.getKey()) || SECRET.matcher(entry.getKey()).find()) {
                continue;
            }
            for (String value : entry.getValue()) {
                chars += entry.getKey().length() + value.length();
                fields.add(new Field(entry.getKey(), value));
            }
        }
        return fields.size() > MOST_FIELDS || chars > MOST_CHARS ? back(request) : new KeptForm(path, true, fields);
    }

    /** What is asked to be kept by the page that asks. */
    public static KeptForm returned(HttpServletRequest request, @Nullable String path, boolean again) {
        String local = LocalRedirect.orElse(path, "/");
        KeptForm kept = of(request);
        return new KeptForm(local, again && kept.again(), again ? kept.fields() : List.of());
    }

    /** Nothing is kept: the page that the form was on. */
    private static KeptForm back(HttpServletRequest request) {
        if ("GET".equals(request.getMethod())) {
            return new KeptForm(LocalRedirect.orElse(request.getRequestURI(), "/"), false, List.of());
        }
        String referrer = request.getHeader("Referer");
        String path = "/";
        if (referrer != null) {
            int host = referrer.indexOf("://");
            int slash = host < 0 ? -1 : referrer.indexOf('/', host + 3);
            path = slash < 0 ? "/" : LocalRedirect.orElse(referrer.substring(slash), "/");
        }
        return new KeptForm(path, false, List.of());
    }
}
