#include "CAssets.h"

// #embed is C23, which SwiftPM asks of no target.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char browser_js[] = {
#embed "../JavaScript/browser.js"
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
