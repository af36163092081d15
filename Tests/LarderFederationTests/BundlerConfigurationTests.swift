import Testing

@testable import LarderFederation

@Suite("A bundler's configuration as a text")
struct BundlerConfigurationTests {
  static let common = """
    'use strict';
    // The shop's navigation.
    const { ModuleFederationPlugin } = require('webpack').container;

    module.exports = {
      plugins: [
        new ModuleFederationPlugin({
          name: 'nav',
          exposes: { './Header': './src/Header' },
          remotes: {
            cart: 'cart@https://cdn.example/cart/remoteEntry.js',
            "@shop/pay": `pay@https://pay.example/r.js`,
            local: ['spare@http://localhost:1/r.js', 'local@/local/remoteEntry.js'],
            scoped: { external: 'old@https://old.example/remoteEntry.js', shareScope: 'old' },
            late: `promise new Promise(${resolve})`,
          },
          shared: { ...require('./package.json').dependencies },
        }),
      ],
    };

    """

  @Test("tells container and remotes, whichever way they are written")
  func remotes() throws {
    let found = try #require(BundlerConfiguration(Self.common))
    let federation = try #require(found.federations.first)
    #expect(found.federations.count == 1)
    #expect(federation.name == "nav")
    #expect(federation.exposes)
    #expect(
      federation.remotes.map { [$0.alias, $0.name, $0.url] } == [
        ["cart", "cart", "https://cdn.example/cart/remoteEntry.js"],
        ["@shop/pay", "pay", "https://pay.example/r.js"],
        ["local", "local", nil],
        ["scoped", "old", "https://old.example/remoteEntry.js"],
        ["late", "late", nil],
      ])
    #expect(federation.remotes[4].written == "`promise new Promise(${resolve})`")
  }

  @Test("gets the plugin in a line behind the other, and the line that loads it before the first")
  func edit() throws {
    let edited = try #require(BundlerConfiguration(Self.common)?.withLarder)
    let loads = "const { LarderPlugin } = require('larder/plugin');\n"
    let uses = "    }),\n    new LarderPlugin(),\n"
    #expect(
      edited
        == Self.common
        .replacing("const { Module", with: loads + "const { Module")
        .replacing("    }),\n  ],", with: uses + "  ],"))
    #expect(BundlerConfiguration(edited)?.hasLarder == true)
    #expect(BundlerConfiguration(edited)?.withLarder == nil)
  }

  @Test("in an ECMAScript module it is imported; in one line it stays in that line")
  func module() throws {
    let text = """
      import webpack from 'webpack';
      const federation = { name: "nav", remotes: ["cart@https://c.example/e.js"] };
      export default { plugins: [new webpack.container.ModuleFederationPlugin(federation)] };
      """
    let found = try #require(BundlerConfiguration(text))
    #expect(found.federations.map(\.name) == ["nav"])
    #expect(found.federations[0].remotes.map(\.name) == ["cart"])
    #expect(
      found.withLarder
        == "import { LarderPlugin } from 'larder/plugin';\n"
        + text.replacing("(federation)]", with: "(federation), new LarderPlugin()]"))
  }

  @Test(
    "a plugin that stands in no list is left to people",
    arguments: [
      ("const p = new ModuleFederationPlugin({ name: 'a' });", true),
      ("config.plugins.push(new ModuleFederationPlugin({ name: 'a' }));", false),
      ("wrap(new ModuleFederationPlugin({ name: 'a' }));", true),
    ])
  func unlisted(_ text: String, isLeft: Bool) throws {
    let found = try #require(BundlerConfiguration(text))
    #expect(found.federations.map(\.name) == ["a"])
    #expect((found.withLarder == nil) == isLeft)
  }

  @Test(
    "names in comments, strings and imports are none",
    arguments: [
      "// new ModuleFederationPlugin({})", "'new ModuleFederationPlugin({})'",
      "const { ModuleFederationPlugin } = require('webpack').container", "",
    ])
  func others(_ text: String) throws {
    let found = try #require(BundlerConfiguration(text))
    #expect(found.federations.isEmpty)
    #expect(found.withLarder == nil)
  }
}
