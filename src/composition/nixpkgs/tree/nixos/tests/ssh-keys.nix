# Keys that everybody knows, for tests: never let one of them into a machine that matters. They are this project's own.
pkgs: {
  snakeOilPrivateKey = pkgs.writeText "privkey.snakeoil" ''
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAABFwAAAAdzc2gtcn
    NhAAAAAwEAAQAAAQEAwMvxg6s3gG1g8G4qvR4UyC3xpXyG2/ufGY7iHYcyxkej0Cg3LHH2
    AcZdMC1EukV7vPjxG7YXr71B8JnMNsUmL2gbg2Tu/blVyDtMXCTRtQG4e00miXdK5PKcth
    NFlmlmU9ozOVFRSTk8xF5MApfkBLvm/9lh0qKsHV4O42sSoi+D05XgBykdyYiuhkVJ7W6V
    qfjBf6GiiDNVauzWnx7JfX7oJrjkXbFPAmmYhdZ+R1Hl6KcsdQn0hgbLwknUOEa3YLhUdm
    7GK1ntBj+qZpadqVNPx49JE/N4tUZ9C6IChKIZVJckMn4TcMeAxB32Pk0CbWp5ia0k4TKd
    NzwtgVrkSwAAA8DbLpPN2y6TzQAAAAdzc2gtcnNhAAABAQDAy/GDqzeAbWDwbiq9HhTILf
    GlfIbb+58ZjuIdhzLGR6PQKDcscfYBxl0wLUS6RXu8+PEbthevvUHwmcw2xSYvaBuDZO79
    uVXIO0xcJNG1Abh7TSaJd0rk8py2E0WWaWZT2jM5UVFJOTzEXkwCl+QEu+b/2WHSoqwdXg
    7jaxKiL4PTleAHKR3JiK6GRUntbpWp+MF/oaKIM1Vq7NafHsl9fugmuORdsU8CaZiF1n5H
    UeXopyx1CfSGBsvCSdQ4RrdguFR2bsYrWe0GP6pmlp2pU0/Hj0kT83i1Rn0LogKEohlUly
    QyfhNwx4DEHfY+TQJtanmJrSThMp03PC2BWuRLAAAAAwEAAQAAAQAeAB5G1N/AFkUdZKc1
    4nZtZ+jQTX5WwOLTAU7iNWWLQR6Wh4t+WQVk5U8e7gxhx+onT72FCGLLL/IQ1H3Yj/kPK2
    4MlioyRSK6E7AgLoKLXgcs+KZkgbGfyrjkBD+x1hjcN3n9E1BIyqVQETRWuvf6XJrneRYl
    xrZto3NBpCm0Htd/wWgGdusWoIswii9iVPcbQZhQu2ENXkXoNhIVb4yRiwIPWZwNPMBuZs
    ukEct5xiDfUW0w7Qa9rF1/TLkPmdIhBKQiAB7I0HL899JfMWfga/lk6bgdiHPOVfEl9nhB
    wDCK127H1zVBZcxz/yBzmUSoBnN0D/FZTxMz90+kBAiRAAAAgQDWwylLZWIQO4sATxTZA3
    PxNXkN/dMxRfKjk6m5zq4G/oBIUlAJ7ml2i/aARc+aVjwhycueacGoBMca+4DFAZN2iP5b
    dsH91llqkeBfVmV4K1cBrUXAiAtsH6Gt6AnqsShReNNtY4obzqTEjaZggrTZRV50mrAdS6
    K3PSlciJeRmQAAAIEA5gzFYT0tSo+O4uChqetFk9JVNpVg3nHWbHAPBgz+8LP0yV12UBec
    +OTAwvvJ5BNkkj90hCIwJm23H77BJXGX8IdAlIgsXlyhi0nVjbvpMQbP/9zoUzUyLibiPO
    W5nXX54G3MRpANrxgquT6giPblWF5SnSVxmHM0U4ESy/mo0NUAAACBANaLZenhqD5TvZpr
    A6u+X5haqJ/K4cgioU8JU4pLfm9G9u0seauMTB+dDST+Vx6OdVGEFpRiDsfaFAxRMmt99m
    CPF+2NQVTbPaIdV4CND8A7ZMql15WLMrkXAhxnYsqRbq3OJFeaWy10s4bCzUsSCwcokeyy
    ESOrLwZo1OTvlHCfAAAACHNuYWtlb2lsAQI=
    -----END OPENSSH PRIVATE KEY-----
  '';
  snakeOilPublicKey = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDAy/GDqzeAbWDwbiq9HhTILfGlfIbb+58ZjuIdhzLGR6PQKDcscfYBxl0wLUS6RXu8+PEbthevvUHwmcw2xSYvaBuDZO79uVXIO0xcJNG1Abh7TSaJd0rk8py2E0WWaWZT2jM5UVFJOTzEXkwCl+QEu+b/2WHSoqwdXg7jaxKiL4PTleAHKR3JiK6GRUntbpWp+MF/oaKIM1Vq7NafHsl9fugmuORdsU8CaZiF1n5HUeXopyx1CfSGBsvCSdQ4RrdguFR2bsYrWe0GP6pmlp2pU0/Hj0kT83i1Rn0LogKEohlUlyQyfhNwx4DEHfY+TQJtanmJrSThMp03PC2BWuRL snakeoil";
  snakeOilEd25519PrivateKey = pkgs.writeText "privkey.snakeoil" ''
    -----BEGIN OPENSSH PRIVATE KEY-----
    b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
    QyNTUxOQAAACCQyPTjBNni2satqWAqWFISZeynRmK/y/RACo/baLpzcgAAAJDX55T41+eU
    +AAAAAtzc2gtZWQyNTUxOQAAACCQyPTjBNni2satqWAqWFISZeynRmK/y/RACo/baLpzcg
    AAAED8m6hT5HkAnZRLMREOeDwMeSS73Hx+5qBrG9oVlfl5ppDI9OME2eLaxq2pYCpYUhJl
    7KdGYr/L9EAKj9tounNyAAAACHNuYWtlb2lsAQIDBAU=
    -----END OPENSSH PRIVATE KEY-----
  '';
  snakeOilEd25519PublicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDI9OME2eLaxq2pYCpYUhJl7KdGYr/L9EAKj9tounNy snakeoil";
}
