// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.security;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import live.millrace.platform.shared.StrictTransport;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.http.Rfc6265CookieProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/**
 * What holds for every answer, also for those that the server gives by itself before a filter of ours is asked: to an address that is
 * none, or to a method that nobody takes. And for every cookie, whoever sets it: over HTTPS it is for HTTPS alone.
 */
@Component
class EveryAnswer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {
    static final String HSTS = StrictTransport.OF_THE_OPERATOR;

    private final ObjectProvider<StrictTransport> strict;

    /** @param strict asked for when it is needed: it knows more than there is when the server is made */
    EveryAnswer(ObjectProvider<StrictTransport> strict) {
        this.strict = strict;
    }

    /** After the valve that says whether a request came by HTTPS to a proxy. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        factory.addEngineValves(new Headers(strict));
        factory.addContextCustomizers(context -> context.setCookieProcessor(new SecureCookies()));
    }

    private static final class Headers extends ValveBase {
        private final ObjectProvider<StrictTransport> strict;

        Headers(ObjectProvider<StrictTransport> strict) {
            super(true);
            this.strict = strict;
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            response.setHeader("X-Content-Type-Options", "nosniff");
            if (request.isSecure()) {
                strict.getObject()
                        .of(request)
                        .ifPresent(field -> response.setHeader("Strict-Transport-Security", field));
            }
            getNext().invoke(request, response);
        }
    }

    static final class SecureCookies extends Rfc6265CookieProcessor {
        @Override
        public String generateHeader(Cookie cookie, HttpServletRequest request) {
            if (request == null || !request.isSecure() || cookie.getSecure()) {
                return super.generateHeader(cookie, request);
            }
            Cookie secure = (Cookie) cookie.clone();
            secure.setSecure(true);
            return super.generateHeader(secure, request);
        }
    }
}
