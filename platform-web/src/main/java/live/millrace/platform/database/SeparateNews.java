// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.SimpleApplicationEventMulticaster;

/**
 * Publishes events as ever, but for the news that the database is back: whoever fails with it keeps it from nobody else. They have
 * nothing to do with each other, and nobody asks them again.
 */
final class SeparateNews extends SimpleApplicationEventMulticaster {
    private static final Logger LOG = LoggerFactory.getLogger(SeparateNews.class);

    SeparateNews(BeanFactory beans) {
        super(beans);
    }

    @Override
    protected void invokeListener(ApplicationListener<?> listener, ApplicationEvent event) {
        if (!(event instanceof PayloadApplicationEvent<?> news && news.getPayload() instanceof DatabaseBack)) {
            super.invokeListener(listener, event);
            return;
        }
        try {
            super.invokeListener(listener, event);
        } catch (RuntimeException e) {
            if (DatabaseState.causes(e)) {
                LOG.debug("The database went again before {} was ready", listener, e);
            } else {
                LOG.warn("What waited for the database failed: {}", listener, e);
            }
        }
    }
}
