// The console.
import '../admin/admin.css';
import '../admin/settings.css';
import '../admin/setup.css';
import '../admin/wall.css';
import '../admin/admin-live';
import '../admin/bulk-table';
import '../admin/console';
import '../admin/evidence-player';
import '../admin/settings-form';
