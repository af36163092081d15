import AsyncHTTPClient
import Crypto
import Logging
import NIOCore
import NIOHTTP1
