// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared;

import org.springframework.boot.autoconfigure.context.MessageSourceProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.MessageSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The site's texts in place of those that Spring Boot would read: the same bundles, of another grammar. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessageSourceProperties.class)
class MessagesConfiguration {
    @Bean
    MessageSource messageSource(MessageSourceProperties settings) {
        SiteMessages messages = new SiteMessages();
        messages.setBasenames(settings.getBasename().toArray(String[]::new));
        return messages;
    }
}
