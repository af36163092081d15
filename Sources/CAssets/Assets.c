#include "CAssets.h"

// #embed is C23, which SwiftPM asks of no target.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char browser_js[] = {
#embed "../JavaScript/browser.js"
};
static const unsigned char console_chart_js[] = {
#embed "../Console/chart.js"
};
static const unsigned char console_colors_css[] = {
#embed "../Console/colors.css"
};
static const unsigned char console_confirm_js[] = {
#embed "../Console/confirm.js"
};
static const unsigned char console_console_css[] = {
#embed "../Console/console.css"
};
static const unsigned char console_console_js[] = {
#embed "../Console/console.js"
};
static const unsigned char console_daemon_js[] = {
#embed "../Console/daemon.js"
};
static const unsigned char console_elements_js[] = {
#embed "../Console/elements.js"
};
static const unsigned char console_graph_layout_js[] = {
#embed "../Console/graph-layout.js"
};
static const unsigned char console_icon_svg[] = {
#embed "../Console/icon.svg"
};
static const unsigned char console_index_html[] = {
#embed "../Console/index.html"
};
static const unsigned char console_labels_js[] = {
#embed "../Console/labels.js"
};
static const unsigned char console_realm_js[] = {
#embed "../Console/realm.js"
};
static const unsigned char console_views_css[] = {
#embed "../Console/views.css"
};
static const unsigned char console_views_differences_js[] = {
#embed "../Console/views/differences.js"
};
static const unsigned char console_views_events_js[] = {
#embed "../Console/views/events.js"
};
static const unsigned char console_views_graph_js[] = {
#embed "../Console/views/graph.js"
};
static const unsigned char console_views_picture_frame_js[] = {
#embed "../Console/views/picture-frame.js"
};
static const unsigned char console_views_remote_panel_js[] = {
#embed "../Console/views/remote-panel.js"
};
static const unsigned char console_views_remotes_js[] = {
#embed "../Console/views/remotes.js"
};
static const unsigned char console_views_sharing_js[] = {
#embed "../Console/views/sharing.js"
};
static const unsigned char console_views_store_js[] = {
#embed "../Console/views/store.js"
};
static const unsigned char console_views_view_js[] = {
#embed "../Console/views/view.js"
};
static const unsigned char console_words_js[] = {
#embed "../Console/words.js"
};
static const unsigned char lib_browser_elements_js[] = {
#embed "../JavaScript/lib/browser/elements.js"
};
static const unsigned char lib_browser_gateway_source_js[] = {
#embed "../JavaScript/lib/browser/gateway-source.js"
};
static const unsigned char lib_browser_host_js[] = {
#embed "../JavaScript/lib/browser/host.js"
};
static const unsigned char lib_browser_page_containers_js[] = {
#embed "../JavaScript/lib/browser/page-containers.js"
};
static const unsigned char lib_browser_page_source_js[] = {
#embed "../JavaScript/lib/browser/page-source.js"
};
static const unsigned char lib_browser_page_views_js[] = {
#embed "../JavaScript/lib/browser/page-views.js"
};
static const unsigned char lib_comparison_js[] = {
#embed "../JavaScript/lib/comparison.js"
};
static const unsigned char lib_container_js[] = {
#embed "../JavaScript/lib/container.js"
};
static const unsigned char lib_errors_js[] = {
#embed "../JavaScript/lib/errors.js"
};
static const unsigned char lib_gateway_entry_js[] = {
#embed "../JavaScript/lib/gateway/entry.js"
};
static const unsigned char lib_host_js[] = {
#embed "../JavaScript/lib/host.js"
};
static const unsigned char lib_journal_js[] = {
#embed "../JavaScript/lib/journal.js"
};
static const unsigned char lib_loader_js[] = {
#embed "../JavaScript/lib/loader.js"
};
static const unsigned char lib_plan_watch_js[] = {
#embed "../JavaScript/lib/plan-watch.js"
};
static const unsigned char lib_scope_views_js[] = {
#embed "../JavaScript/lib/scope-views.js"
};
static const unsigned char lib_semver_js[] = {
#embed "../JavaScript/lib/semver.js"
};
static const unsigned char lib_settings_js[] = {
#embed "../JavaScript/lib/settings.js"
};
static const unsigned char lib_share_scope_js[] = {
#embed "../JavaScript/lib/share-scope.js"
};
static const unsigned char lib_test_release_js[] = {
#embed "../JavaScript/lib/test-release.js"
};
static const unsigned char lib_withholding_js[] = {
#embed "../JavaScript/lib/withholding.js"
};

#define ASSET(path, bytes) {path, bytes, sizeof(bytes)}

static const larder_asset assets[] = {
    ASSET("browser.js", browser_js),
    ASSET("console/chart.js", console_chart_js),
    ASSET("console/colors.css", console_colors_css),
    ASSET("console/confirm.js", console_confirm_js),
    ASSET("console/console.css", console_console_css),
    ASSET("console/console.js", console_console_js),
    ASSET("console/daemon.js", console_daemon_js),
    ASSET("console/elements.js", console_elements_js),
    ASSET("console/graph-layout.js", console_graph_layout_js),
    ASSET("console/icon.svg", console_icon_svg),
    ASSET("console/index.html", console_index_html),
    ASSET("console/labels.js", console_labels_js),
    ASSET("console/realm.js", console_realm_js),
    ASSET("console/views.css", console_views_css),
    ASSET("console/views/differences.js", console_views_differences_js),
    ASSET("console/views/events.js", console_views_events_js),
    ASSET("console/views/graph.js", console_views_graph_js),
    ASSET("console/views/picture-frame.js", console_views_picture_frame_js),
    ASSET("console/views/remote-panel.js", console_views_remote_panel_js),
    ASSET("console/views/remotes.js", console_views_remotes_js),
    ASSET("console/views/sharing.js", console_views_sharing_js),
    ASSET("console/views/store.js", console_views_store_js),
    ASSET("console/views/view.js", console_views_view_js),
    ASSET("console/words.js", console_words_js),
    ASSET("lib/browser/elements.js", lib_browser_elements_js),
    ASSET("lib/browser/gateway-source.js", lib_browser_gateway_source_js),
    ASSET("lib/browser/host.js", lib_browser_host_js),
    ASSET("lib/browser/page-containers.js", lib_browser_page_containers_js),
    ASSET("lib/browser/page-source.js", lib_browser_page_source_js),
    ASSET("lib/browser/page-views.js", lib_browser_page_views_js),
    ASSET("lib/comparison.js", lib_comparison_js),
    ASSET("lib/container.js", lib_container_js),
    ASSET("lib/errors.js", lib_errors_js),
    ASSET("lib/gateway/entry.js", lib_gateway_entry_js),
    ASSET("lib/host.js", lib_host_js),
    ASSET("lib/journal.js", lib_journal_js),
    ASSET("lib/loader.js", lib_loader_js),
    ASSET("lib/plan-watch.js", lib_plan_watch_js),
    ASSET("lib/scope-views.js", lib_scope_views_js),
    ASSET("lib/semver.js", lib_semver_js),
    ASSET("lib/settings.js", lib_settings_js),
    ASSET("lib/share-scope.js", lib_share_scope_js),
    ASSET("lib/test-release.js", lib_test_release_js),
    ASSET("lib/withholding.js", lib_withholding_js),
};

size_t larder_asset_count(void) { return sizeof(assets) / sizeof(assets[0]); }

larder_asset larder_asset_at(size_t index) { return assets[index]; }
