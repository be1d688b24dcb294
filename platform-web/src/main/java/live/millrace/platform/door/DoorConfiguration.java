// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.door;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.shared.StartupException;
import org.apache.catalina.connector.Connector;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.boot.tomcat.autoconfigure.TomcatServerProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Puts the guard in front of Tomcat, and the valves around the one that believes named proxies. */
@Configuration(proxyBeanMethods = false)
class DoorConfiguration {
    private static final Duration USUAL_IDLE = Duration.ofSeconds(30);

    /** They send people on to where it is encrypted, for the most part. */
    private static final int FURTHER_THREADS = 20;

    /** The order of the customizer that adds Tomcat's own valve. */
    private static final int TOMCATS_OWN = 0;

    /** A customizer with its place. */
    record Placed(int order, WebServerFactoryCustomizer<TomcatServletWebServerFactory> then)
            implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {
        @Override
        public void customize(TomcatServletWebServerFactory factory) {
            then.customize(factory);
        }

        @Override
        public int getOrder() {
            return order;
        }
    }

    private static Predicate<String> proxies(TomcatServerProperties tomcat) {
        return Pattern.compile(tomcat.getRemoteip().getInternalProxies()).asMatchPredicate();
    }

    @Bean
    Placed guardAtTheDoor(DoorSettings settings, TomcatServerProperties tomcat, MeterRegistry meters) {
        Duration idle = tomcat.getKeepAliveTimeout();
        TomcatConnectorCustomizer guard = connector -> {
            if (connector.getProtocolHandler() instanceof SiteProtocol protocol) {
                Visits visits = new Visits(settings, idle == null ? USUAL_IDLE : idle, proxies(tomcat), meters);
                visits.shown(meters);
                protocol.guard(visits);
            }
        };
        return new Placed(TOMCATS_OWN - 1, factory -> {
            factory.setProtocol(SiteProtocol.class.getName());
            factory.addConnectorCustomizers(guard);
            factory.addEngineValves(new ForwardedValve(proxies(tomcat)));
        });
    }

    @Bean
    Placed furtherPorts(
            ObjectProvider<FurtherPort> ports,
            DoorSettings settings,
            TomcatServerProperties tomcat,
            MeterRegistry meters) {
        Duration idle = tomcat.getKeepAliveTimeout();
        return new Placed(
                TOMCATS_OWN,
                factory -> ports.orderedStream()
                        .filter(each -> each.port().isPresent())
                        .forEach(each -> {
                            int port = each.port().getAsInt();
                            checkFree(port, each.setting());
                            Connector connector = new Connector(SiteProtocol.class.getName());
                            connector.setPort(port);
                            connector.setThrowOnFailure(true);
                            SiteProtocol protocol = (SiteProtocol) connector.getProtocolHandler();
                            protocol.setConnectionTimeout((int) USUAL_IDLE.toMillis());
                            protocol.setMaxThreads(FURTHER_THREADS);
                            protocol.guard(
                                    new Visits(settings, idle == null ? USUAL_IDLE : idle, proxies(tomcat), meters));
                            factory.addAdditionalConnectors(connector);
                        }));
    }

    /** Tomcat would say the same, and not what to do. */
    private static void checkFree(int port, String setting) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw new StartupException(
                    "Port " + port + " for plain HTTP cannot be had: it is taken, or not allowed.",
                    "Stop what uses it, or set " + setting + " to another, or to 0 for none.",
                    e);
        }
    }

    @Bean
    Placed publicScheme(SiteAddress address, TomcatServerProperties tomcat) {
        return new Placed(
                TOMCATS_OWN + 1, factory -> factory.addEngineValves(new PublicSchemeValve(address, proxies(tomcat))));
    }
}
