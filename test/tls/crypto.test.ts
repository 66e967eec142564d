import { createCipheriv, createHmac, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { nodeCrypto } from '../../src/cli/tls/node-crypto.js'
import { type AeadName, tagLength } from '../../src/tls/crypto/crypto.js'
import { expandLabel, prf } from '../../src/tls/crypto/key-derivation.js'
import { portableCrypto } from '../../src/tls/crypto/portable.js'
import { contextOf, decodeAll, transcripts } from '../support/tls-transcript.js'

const hex = (digits: string) => new Uint8Array(Buffer.from(digits.replace(/\s+/g, ''), 'hex'))
const implementations = [
  ['portable', portableCrypto],
  ['of Node', nodeCrypto],
] as const

interface Vector {
  name: AeadName
  origin: string
  key: string
  nonce: string
  data: string
  text: string
  sealed: string
}

const PACKET = 'C0C1C2C3C4C5C6C7C8C9CACBCCCDCECF'
const VECTORS: readonly Vector[] = [
  {
    name: 'aes-ccm-8',
    origin: 'RFC 3610 §8, packet vector 1',
    key: PACKET,
    nonce: '00000003020100A0A1A2A3A4A5',
    data: '0001020304050607',
    text: '08090A0B0C0D0E0F101112131415161718191A1B1C1D1E',
    sealed: '588C979A61C663D2F066D0C2C0F989806D5F6B61DAC38417E8D12CFDF926E0',
  },
  {
    name: 'aes-ccm-8',
    origin: 'RFC 3610 §8, packet vector 2',
    key: PACKET,
    nonce: '00000004030201A0A1A2A3A4A5',
    data: '0001020304050607',
    text: '08090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F',
    sealed: '72C91A36E135F8CF291CA894085C87E3CC15C439C9E43A3BA091D56E10400916',
  },
  {
    name: 'chacha20-poly1305',
    origin: 'RFC 8439 §2.8.2',
    key: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f',
    nonce: '070000004041424344454647',
    data: '50515253c0c1c2c3c4c5c6c7',
    text: Buffer.from(
      "Ladies and Gentlemen of the class of '99: " +
        'If I could offer you only one tip for the future, sunscreen would be it.',
    ).toString('hex'),
    sealed: `d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e06
      0b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec6
      4b61161ae10b594f09e26a7e902ecbd0600691`,
  },
  {
    name: 'aes-gcm',
    origin: 'the GCM specification, test case 4',
    key: 'feffe9928665731c6d6a8f9467308308',
    nonce: 'cafebabefacedbaddecaf888',
    data: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    text: `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de6
      57ba637b39`,
    sealed: `42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0a
      ac973d58e091 5bc94fbc3221a5db94fae95ae7121a47`,
  },
]

/** All ciphers with keys of all lengths, and texts around the boundaries of blocks. */
function* samples(): Generator<Vector> {
  const names: readonly (readonly [AeadName, number])[] = [
    ['aes-gcm', 16],
    ['aes-gcm', 32],
    ['aes-ccm', 16],
    ['aes-ccm', 32],
    ['aes-ccm-8', 16],
    ['aes-ccm-8', 32],
    ['chacha20-poly1305', 32],
  ]
  for (const [name, keyLength] of names)
    for (const length of [0, 1, 15, 16, 17, 255, 1500]) {
      // OpenSSL seals nothing with CCM where there is no text.
      if (length === 0 && name.startsWith('aes-ccm')) continue
      const [key, nonce, data, text] = [randomBytes(keyLength), randomBytes(12), randomBytes(13), randomBytes(length)]
      const tag = tagLength(name)
      const algorithm = name.startsWith('aes')
        ? `aes-${keyLength * 8}-${name === 'aes-gcm' ? 'gcm' : 'ccm'}`
        : 'chacha20-poly1305'
      const cipher = createCipheriv(algorithm as 'aes-128-ccm', key, nonce, { authTagLength: tag })
      cipher.setAAD(data, { plaintextLength: length })
      const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
      const [keyHex, nonceHex, dataHex, textHex] = [key, nonce, data, text].map((each) => each.toString('hex'))
      yield {
        name,
        origin: `OpenSSL, ${length} bytes`,
        key: keyHex!,
        nonce: nonceHex!,
        data: dataHex!,
        text: textHex!,
        sealed: sealed.toString('hex'),
      }
    }
}

describe.each(implementations)('the ciphers %s', (_, crypto) => {
  it.each(VECTORS.map((vector) => [vector.name, vector.origin, vector] as const))(
    'open %s of %s',
    (_name, _o, vector) => {
      const aead = crypto.aead(vector.name, hex(vector.key))
      expect(aead.open(hex(vector.nonce), hex(vector.data), hex(vector.sealed))).toEqual(hex(vector.text))
    },
  )

  it('open what OpenSSL sealed, and nothing of which a bit was changed', () => {
    for (const { name, key, nonce, data, text, sealed } of samples()) {
      const aead = crypto.aead(name, hex(key))
      expect(aead.open(hex(nonce), hex(data), hex(sealed))).toEqual(hex(text))
      const last = sealed.length / 2 - 1
      for (const at of new Set([0, last - tagLength(name) + 1, last])) {
        for (const bit of [0, 7]) {
          const changed = hex(sealed)
          changed[at]! ^= 1 << bit
          expect(aead.open(hex(nonce), hex(data), changed)).toBeNull()
        }
      }
      for (const part of [nonce, data]) {
        const changed = hex(part)
        changed[changed.length - 1]! ^= 1
        expect(
          aead.open(part === nonce ? changed : hex(nonce), part === data ? changed : hex(data), hex(sealed)),
        ).toBeNull()
      }
      expect(aead.open(hex(nonce), hex(data), hex(sealed).subarray(1))).toBeNull()
      expect(aead.open(hex(nonce), hex(data), hex(sealed).subarray(0, tagLength(name) - 1))).toBeNull()
      expect(aead.open(hex(nonce), hex(data), new Uint8Array(0))).toBeNull()
      expect(aead.open(hex(nonce), hex(data), new Uint8Array(tagLength(name)))).toBeNull()
    }
  })

  it('decrypt CBC as NIST SP 800-38A §F.2.2 does, and MAC as OpenSSL does', () => {
    const key = hex('2b7e151628aed2a6abf7158809cf4f3c')
    const iv = hex('000102030405060708090a0b0c0d0e0f')
    const blocks = hex('7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2')
    expect(crypto.cbc(key).decrypt(iv, blocks)).toEqual(
      hex('6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51'),
    )
    for (const hash of ['md5', 'sha1', 'sha256', 'sha384'] as const)
      expect(crypto.hmac(hash, key, [iv, blocks])).toEqual(
        new Uint8Array(createHmac(hash, key).update(iv).update(blocks).digest()),
      )
  })

  it('MAC with keys and messages of any length as OpenSSL does', () => {
    for (const hash of ['md5', 'sha1', 'sha256', 'sha384'] as const)
      for (const keyLength of [0, 1, 63, 64, 65, 128, 129, 200])
        for (const length of [0, 1, 511, 512, 513]) {
          const [key, message] = [new Uint8Array(randomBytes(keyLength)), new Uint8Array(randomBytes(length))]
          const expected = new Uint8Array(createHmac(hash, key).update(message).digest())
          expect(crypto.hmac(hash, key, [message.subarray(0, 1), message.subarray(1)])).toEqual(expected)
        }
  })

  it('read all transcripts alike', () => {
    for (const file of transcripts()) {
      const notes = decodeAll(file, { ...contextOf(file), crypto }).map((each) => each.notes)
      expect(notes).toEqual(decodeAll(file).map((each) => each.notes))
    }
  })
})

describe.each(implementations)('key derivation with the ciphers %s', (_, crypto) => {
  it('is that of RFC 8448 §3', () => {
    const secret = hex('b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38')
    expect(expandLabel(crypto, 'sha256', secret, 'key', 16)).toEqual(hex('3fce516009c21727d0f2e4e86ee403bc'))
    expect(expandLabel(crypto, 'sha256', secret, 'iv', 12)).toEqual(hex('5d313eb2671276ee13000b30'))
  })

  it('is that of the published vector for the PRF of TLS 1.2 with SHA-256', () => {
    const secret = hex('9bbe436ba940f017b17652849a71db35')
    const seed = hex('a0ba9f936cda311827a6f796ffd5198c')
    expect(prf(crypto, 'sha256', secret, 'test label', [seed], 100)).toEqual(
      hex(`e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa022f7077def
        17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66`),
    )
  })
})
