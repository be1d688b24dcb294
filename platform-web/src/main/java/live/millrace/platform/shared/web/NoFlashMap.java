// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.FlashMap;
import org.springframework.web.servlet.FlashMapManager;

/**
 * Nothing is handed from one request to the next: an address says what was done ({@code ?saved}). To look for it means to read a session
 * from the database for each picture and style sheet. A secret that is shown once goes by {@link live.millrace.platform.shared.ShownOnce}.
 */
@Component(DispatcherServlet.FLASH_MAP_MANAGER_BEAN_NAME)
class NoFlashMap implements FlashMapManager {
    @Override
    public @Nullable FlashMap retrieveAndUpdate(HttpServletRequest request, HttpServletResponse response) {
        return null;
    }

    @Override
    public void saveOutputFlashMap(FlashMap flash, HttpServletRequest request, HttpServletResponse response) {
        if (!flash.isEmpty()) {
            throw new IllegalStateException("flash attributes are not kept");
        }
    }
}
